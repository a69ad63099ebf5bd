import type { Access, CrmSession } from '../contract/connector.ts';
import { describeObject, listPipelines, readAccountFacts } from './definitions.ts';
import { isByField, readLinks } from './links.ts';
import { readUsage } from './usage.ts';
import { Org } from './org.ts';
import { costOfProvision, findMissing, provisionFields, unprovisionFields } from './provision.ts';
import { pull } from './pull.ts';
import { readRecords } from './read.ts';
import { costOfChanges, writeChanges } from './write.ts';

/** Salesforce, opened for one installation. */
export function openSession(access: Access): CrmSession {
  const org = new Org(access);
  return {
    whoAmI: () => readAccountFacts(org),
    readUsage: () => readUsage(org),
    describe: (object) => describeObject(org, object),
    pipelines: (object) => listPipelines(org, object),
    pull: (request) => pull(org, request),
    read: (object, ids, fields) => readRecords(org, object, ids, fields),
    links: (object, to, ids) => readLinks(org, object, to, ids),
    linksAreFields: isByField,
    missing: (specs) => findMissing(org, specs),
    provision: (specs) => provisionFields(org, specs),
    unprovision: (specs) => unprovisionFields(org, specs),
    write: (changes) => writeChanges(org, changes),
    costOf: (changes) => costOfChanges(org, changes),
    costOfProvision,
  };
}
