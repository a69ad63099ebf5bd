import { format } from 'prettier';
import { expect, it } from 'vitest';
import { mappingJsonSchema } from '../../src/core/mapping/schema.ts';

it('mapping.schema.json tells editors exactly what the program accepts (`npm test -- -u` writes it anew)', async () => {
  const schema = await format(JSON.stringify(mappingJsonSchema()), { parser: 'json', printWidth: 120 });
  await expect(schema).toMatchFileSnapshot('../../mappings/mapping.schema.json');
});
