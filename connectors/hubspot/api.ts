import type { Access, CrmSession } from '../contract/connector.ts';
import { readLinks } from './associations.ts';
import { readRecords } from './batch-read.ts';
import { callHubSpot } from './client.ts';
import { describeObject, listPipelines, readAccountFacts } from './definitions.ts';
import { OWNERS } from './objects.ts';
import { readOwners } from './owners.ts';
import { costOfProvision, findMissing, provisionFields, unprovisionFields } from './provision.ts';
import { pull } from './pull.ts';
import { anything } from './wire.ts';
import { costOfChanges, writeChanges } from './write.ts';

/** HubSpot, opened for one installation. */
export function openSession(access: Access): CrmSession {
  return {
    whoAmI: () => readAccountFacts(access),
    describe: (object) => describeObject(access, object),
    pipelines: (object) => listPipelines(access, object),
    pull: (request) => pull(access, request),
    read: (object, ids, fields) =>
      object === OWNERS ? readOwners(access, ids, fields) : readRecords(access, object, ids, fields),
    links: (object, to, ids) => readLinks(access, object, to, ids),
    missing: (specs) => findMissing(access, specs),
    provision: (specs) => provisionFields(access, specs),
    unprovision: (specs) => unprovisionFields(access, specs),
    uninstall: async () => {
      await callHubSpot(
        access,
        { method: 'DELETE', path: '/appinstalls/2026-09/external-install', purpose: 'uninstall the app', scope: null },
        anything,
      );
    },
    write: (changes) => writeChanges(access, changes),
    costOf: costOfChanges,
    costOfProvision,
  };
}
