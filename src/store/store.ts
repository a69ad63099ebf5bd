import type { InstallationId } from '../core/model/ids.ts';
import type { Store, TenantStore } from '../ports/store.ts';
import { openAssessments } from './assessments.ts';
import { openAudit } from './audit.ts';
import { openCalls } from './calls.ts';
import { openCheckpoints } from './checkpoints.ts';
import { openConfigurations } from './configurations.ts';
import { openConsents } from './consents.ts';
import type { Database } from './database.ts';
import { openDefinitions } from './definitions.ts';
import { whileHeld } from './hold.ts';
import { openHistory } from './history.ts';
import { forgetInstallation, getInstallation, openRegistry, updateInstallation } from './installations.ts';
import { openInputs } from './inputs.ts';
import { openDisagreements } from './disagreements.ts';
import { openFormerChampions } from './former-champions.ts';
import { openDealLedger } from './deal-ledger.ts';
import { openLedger } from './ledger.ts';
import { openNoticeIntake, openNotices } from './notices.ts';
import { openErasures } from './erasures.ts';
import { openExpansions } from './expansions.ts';
import { openPeople } from './people.ts';
import { openPlays } from './plays.ts';
import { openProblems } from './problems.ts';
import { openRecords } from './records.ts';
import { openRuns } from './runs.ts';
import type { Keychain } from './sealed.ts';
import { openSecrets } from './secrets.ts';
import { openSettings } from './settings.ts';
import { openSignals } from './signals.ts';

/** The store on an open database. Closing the store closes the database. */
export function openStore(database: Database, keychain: Keychain): Store {
  return {
    title: database.title,
    kind: database.isEmbedded ? 'embedded' : 'server',
    installations: openRegistry(database),
    consents: openConsents(database, keychain),
    notices: openNoticeIntake(database),
    of: (installation) => openTenant(database, keychain, installation),
    isReachable: () => database.isReachable(),
    backUp: async (at, everyMs) => {
      if (!database.isEmbedded) return null;
      const newest = await database.findNewestBackup();
      const isFresh = newest !== null && Date.parse(at) - Date.parse(newest) < everyMs;
      return isFresh ? null : database.writeBackup(at);
    },
    close: () => database.close(),
  };
}

function openTenant(database: Database, keychain: Keychain, id: InstallationId): TenantStore {
  return {
    id,
    getInstallation: () => getInstallation(database, id),
    updateInstallation: (change) => updateInstallation(database, id, change),
    forget: () => forgetInstallation(database, id),
    whileHeld: (holder, work) => whileHeld(database, id, holder, work),
    secrets: openSecrets(database, keychain, id),
    checkpoints: openCheckpoints(database, id),
    records: openRecords(database, id),
    definitions: openDefinitions(database, id),
    assessments: openAssessments(database, id),
    history: openHistory(database, id),
    disagreements: openDisagreements(database, id),
    expansions: openExpansions(database, id),
    formerChampions: openFormerChampions(database, id),
    ledger: openLedger(database, id),
    dealLedger: openDealLedger(database, id),
    runs: openRuns(database, id),
    calls: openCalls(database, id),
    plays: openPlays(database, id),
    problems: openProblems(database, id),
    settings: openSettings(database, id),
    audit: openAudit(database, id),
    signals: openSignals(database, id),
    configurations: openConfigurations(database, id),
    inputs: openInputs(database, id),
    people: openPeople(database, id),
    notices: openNotices(database, id),
    erasures: openErasures(database, id),
  };
}
