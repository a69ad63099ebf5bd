import { ComponentSet, MetadataConverter } from '@salesforce/source-deploy-retrieve';
import { fileURLToPath } from 'node:url';

/**
 * Converts the source to the form that the Metadata API deploys: `node convert.js <folder>`. Prints, as JSON, the folder
 * made and each component found, so that whoever calls it can compare that with the files.
 */
const outputDirectory = process.argv[2];
if (outputDirectory === undefined) throw new Error('Say where to: node convert.js <folder>');
const source = fileURLToPath(new URL('force-app', import.meta.url));
const components = ComponentSet.fromSource({ fsPaths: [source] });
const { packagePath } = await new MetadataConverter().convert(components, 'metadata', {
  type: 'directory',
  outputDirectory,
  packageName: 'holdfast',
});
const found = [...components.getSourceComponents()].map(({ type, fullName, xml }) => ({
  type: type.name,
  fullName,
  xml,
}));
process.stdout.write(JSON.stringify({ packagePath, components: found }));
