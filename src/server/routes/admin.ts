import { stringify } from 'csv-stringify/sync';
import { Router, urlencoded, type Request, type Response } from 'express';
import type { InstallationId } from '../../core/model/ids.ts';
import { toMajor } from '../../core/model/money.ts';
import { HoldfastError } from '../../errors.ts';
import { approve } from '../../install/approve.ts';
import { askForRun } from '../../install/asked-run.ts';
import { pause, resume } from '../../install/pause.ts';
import type { Session } from '../../install/sessions.ts';
import type { Installation } from '../../ports/store.ts';
import type { AccessCheck } from '../../queries/access-check.ts';
import { getAccount, listAccounts } from '../../queries/accounts.ts';
import { readBook } from '../../queries/book.ts';
import { listChampionMoves, readChampionMoves } from '../../queries/champion-moves.ts';
import { examine, type ExaminedInstallation, type ReadScopes } from '../../queries/doctor.ts';
import { readDisagreements } from '../../queries/disagreements.ts';
import { findHistory } from '../../queries/history.ts';
import { readInstallation } from '../../queries/installations.ts';
import { readVerdict } from '../../queries/validation.ts';
import { accountPage } from '../pages/account-page.ts';
import {
  accessPage,
  accountsPage,
  checkPage,
  overviewPage,
  planPage,
  settingsPage,
  type AdminFrame,
} from '../pages/admin-pages.ts';
import { disagreementsPage } from '../pages/disagreements-page.ts';
import { historyPage } from '../pages/history-page.ts';
import { messagePage } from '../pages/layout.ts';
import { movesPage } from '../pages/moves-page.ts';
import { mustBeAllowed, valueOf, type Visits } from '../visit.ts';
import { sinceOf, type ApiParts } from './api.ts';
import type { SignInParts } from './sign-in.ts';

export interface AdminParts extends Omit<SignInParts, 'queue'> {
  readonly publicUrl: string;
  /** How many proxies stand before the server. */
  readonly proxies: number;
  readonly retentionDays: number;
  checkAccess(installation: Installation): Promise<AccessCheck>;
  readonly scopesOf: ReadScopes;
  uninstall(
    installation: InstallationId,
    request: {
      readonly undoes: boolean;
      readonly actor: string;
      readonly signal: AbortSignal;
      readonly progress: () => void;
    },
  ): Promise<unknown>;
}

/** Accounts that the list shows. */
const LISTED = 100;
/** Accounts that the file holds at most: more than any customer has. */
const EXPORTED = 1_000_000;

/** What was done, told on the page that follows it. */
const NOTICES: Readonly<Record<string, string>> = {
  approved: 'Approved. Holdfast writes it now.',
  asked: 'The run begins now.',
  paused: 'Paused.',
  resumed: 'Holdfast goes on.',
};

/** The pages of one installation, for those who are signed in to it: `/app` and what is below, and `/accounts/…`. */
export function adminRoutes(parts: AdminParts & ApiParts & SignInParts, visits: Visits): Router {
  const router = Router();
  const readForm = urlencoded({ extended: false, limit: '10kb' });

  /** A page for whoever is signed in; everybody else is asked to, and comes back here. */
  const show = (
    path: string,
    make: (frame: AdminFrame, installation: Installation, request: Request) => Promise<string>,
  ): void => {
    router.get(path, async (request: Request, response: Response) => {
      const session = await visits.findSession(request);
      if (session === null) {
        response.redirect(303, visits.at(`/sign-in?next=${encodeURIComponent(request.originalUrl)}`));
        return;
      }
      const installation = await parts.store.of(session.installation).getInstallation();
      response.send(await make(await frameOf(parts, visits, session, installation, request), installation, request));
    });
  };
  /** An admin's act; answers the notice to show, or sends a page itself. */
  const act = (
    path: string,
    work: (session: Session, request: Request, response: Response) => Promise<{ readonly goTo: string } | null>,
  ): void => {
    router.post(path, readForm, async (request: Request, response: Response) => {
      const session = await visits.findSession(request);
      if (session === null) {
        response.redirect(303, visits.at('/sign-in'));
        return;
      }
      mustBeAllowed(session, request);
      const done = await work(session, request, response);
      if (done !== null) response.redirect(303, visits.at(done.goTo));
    });
  };
  const actorOf = ({ name, userId }: Session): string => name ?? userId;
  const askAndRequest = async ({ installation }: Session): Promise<void> => {
    await askForRun(parts.store.of(installation), parts.clock.now());
    await parts.queue?.request(installation);
  };

  show('/app', async (frame, installation) =>
    overviewPage(frame, await readBook(parts.store.of(installation.id), 5), await examineOne(parts, installation)),
  );
  show('/app/plan', async (frame, installation) => {
    const hasRead = (await parts.store.of(installation.id).runs.lastGood('full')) !== null;
    return planPage(frame, hasRead ? await parts.previewPlan(installation) : null);
  });
  show('/app/accounts', async (frame, installation) => {
    const store = parts.store.of(installation.id);
    return accountsPage(frame, await listAccounts(store, LISTED), await readVerdict(store));
  });
  show('/app/disagreements', async (frame, installation, request) => {
    const filter = { code: valueOf(request.query, 'reason'), openOnly: valueOf(request.query, 'open') === 'yes' };
    const store = parts.store.of(installation.id);
    return disagreementsPage(frame, await readDisagreements(store, { ...filter, top: LISTED }), filter);
  });
  show('/app/moves', async (frame, installation) => {
    const mapping = await parts.compiledMappingOf(installation);
    const found = await listChampionMoves(parts.store.of(installation.id), mapping, LISTED);
    return movesPage(frame, found, parts.recordUrl(installation));
  });
  show('/app/check', async (frame, installation) => checkPage(frame, await examineOne(parts, installation)));
  show('/app/access', async (frame, installation) => {
    const access = installation.status === 'lost' ? null : await parts.checkAccess(installation);
    return accessPage(frame, await parts.scopesOf(installation), access);
  });
  show('/app/settings', (frame) => Promise.resolve(settingsPage(frame, parts.retentionDays)));
  show('/accounts/:installation/:account', async (frame, installation, request) => {
    const { installation: named = '', account = '' } = request.params as Record<string, string>;
    if (named !== installation.id) throw elsewhere();
    const store = parts.store.of(installation.id);
    const detail = await getAccount(store, account, parts.recordUrl(installation));
    const moves = await readChampionMoves(store, await parts.compiledMappingOf(installation), detail.account);
    return accountPage(frame, installation.facts.title, detail, moves);
  });
  show('/accounts/:installation/:account/history', async (frame, installation, request) => {
    const { installation: named = '', account = '' } = request.params as Record<string, string>;
    if (named !== installation.id) throw elsewhere();
    const history = await findHistory(parts.store.of(installation.id), account, sinceOf(request), parts.clock.now());
    return historyPage(frame, installation.facts.title, history);
  });
  router.get('/app/accounts.csv', async (request, response) => {
    const session = await visits.findSession(request);
    if (session === null) {
      response.redirect(303, visits.at('/sign-in'));
      return;
    }
    const accounts = await listAccounts(parts.store.of(session.installation), EXPORTED);
    response
      .attachment('holdfast-accounts.csv')
      .type('text/csv')
      .send(
        stringify(
          accounts.map(({ arrAtRisk, ...line }) => ({
            ...line,
            arrAtRisk: arrAtRisk === null ? '' : toMajor(arrAtRisk),
            currency: arrAtRisk?.currency ?? '',
          })),
          { header: true, escape_formulas: true },
        ),
      );
  });

  act('/app/approve', async (session, request) => {
    const store = parts.store.of(session.installation);
    const { digest } = await parts.previewPlan(await store.getInstallation());
    await approve(store, parts.clock, {
      digest,
      expected: valueOf(request.body, 'plan') ?? '',
      actor: actorOf(session),
    });
    await askAndRequest(session);
    return { goTo: '/app?done=approved' };
  });
  act('/app/sync', async (session) => {
    await askAndRequest(session);
    return { goTo: '/app?done=asked' };
  });
  act('/app/pause', async (session) => {
    await pause(parts.store.of(session.installation), parts.clock, actorOf(session));
    return { goTo: '/app/settings?done=paused' };
  });
  act('/app/resume', async (session) => {
    await resume(parts.store.of(session.installation), parts.clock, actorOf(session));
    await parts.queue?.request(session.installation);
    return { goTo: '/app?done=resumed' };
  });
  act('/app/sign-everybody-out', async (session, _request, response) => {
    const { people, audit } = parts.store.of(session.installation);
    const ended = await people.endSessions(null);
    await audit.add({ at: parts.clock.now(), actor: actorOf(session), action: 'sessions-ended', details: { ended } });
    visits.cookies.dropSession(response);
    return { goTo: '/sign-in' };
  });
  act('/app/uninstall', async (session, request, response) => {
    if (valueOf(request.body, 'sure') !== 'yes') {
      throw new HoldfastError({
        code: 'input-invalid',
        message: 'Nothing was uninstalled: you did not say that you are sure.',
        remedy: 'Tick the box on the page of settings.',
      });
    }
    const { connector } = await parts.store.of(session.installation).getInstallation();
    await parts.uninstall(session.installation, {
      undoes: valueOf(request.body, 'undo') === 'yes',
      actor: actorOf(session),
      signal: new AbortController().signal,
      progress: () => undefined,
    });
    visits.cookies.dropSession(response);
    response.send(
      messagePage(visits.frame(null), {
        title: 'Holdfast is uninstalled',
        words: `It no longer has access to your CRM. What it knew is kept for ${parts.retentionDays} days and then deleted.`,
        remedy: 'If you install it again before that, you find everything as it was.',
        ways: [['Install again', `/install/${connector}`]],
      }),
    );
    return null;
  });
  return router;
}

async function frameOf(
  parts: AdminParts & ApiParts,
  visits: Visits,
  session: Session,
  installation: Installation,
  request: Request,
): Promise<AdminFrame> {
  return {
    ...visits.frame(session),
    installation: await readInstallation(parts.store, installation),
    crm: parts.consent.findCrm(installation.connector)?.connector.title ?? installation.connector,
    isAdmin: session.role === 'admin',
    notice: NOTICES[valueOf(request.query, 'done') ?? ''] ?? null,
  };
}

async function examineOne(parts: AdminParts & ApiParts, installation: Installation): Promise<ExaminedInstallation> {
  const { installations } = await examine(parts.store, [installation], parts.clock.now(), parts.scopesOf);
  const [only] = installations;
  if (only === undefined) throw new RangeError('one installation was examined and none came back');
  return only;
}

/** Says the same of an installation of somebody else's and of none. */
function elsewhere(): HoldfastError {
  return new HoldfastError({
    code: 'account-unknown',
    message: 'This account belongs to a CRM account that you are not signed in to.',
    remedy: 'Sign out, and sign in with that one.',
  });
}
