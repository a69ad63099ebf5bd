import { Alert, Button, hubspot, LoadingSpinner } from '@hubspot/ui-extensions';
import { createRenderer } from '@hubspot/ui-extensions/testing';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { SettingsPage } from '../src/app/settings/settings-page.tsx';
import { wordsOf } from './open-card.tsx';

afterEach(() => {
  vi.restoreAllMocks();
});

const well = {
  status: 'active',
  lastRunAt: '2026-03-02T09:00:00Z',
  problems: [],
  adminUrl: 'https://app.holdfast.example/sign-in/one-time',
};

describe('an admin who opens the settings of the app in HubSpot', () => {
  it('sees that all is well, when it last ran, and the way in', async () => {
    const { page, fetch } = await openSettings({ status: 200, body: well });
    expect(fetch.mock.calls.map(([url]) => url)).toEqual(['https://app.holdfast.example/cards/hubspot/settings']);
    expect(wordsOf(page.getRootNode())).toEqual([
      'Holdfast',
      'Status',
      'Active',
      'Last run',
      '2 Mar 2026, 10:00',
      'No open problems',
      'Open Holdfast',
      'Plans, problems, approval and removal are there. The button signs you in for a short time.',
    ]);
    expect(page.find(Button).props).toMatchObject({ variant: 'primary', href: { url: well.adminUrl, external: true } });
  });

  it('reads every open problem', async () => {
    const problems = ['Tickets may not be read.', 'Two records were refused.'];
    const { page } = await openSettings({ status: 200, body: { ...well, lastRunAt: null, problems } });
    expect(page.find(Alert).props).toMatchObject({ title: '2 open problems', variant: 'warning' });
    expect(wordsOf(page.getRootNode())).toEqual(expect.arrayContaining(['None yet', ...problems]));
  });

  it.each([
    ['no answer comes', null, 'Holdfast could not be reached.'],
    ['an answer makes no sense', { status: 200, body: {} }, 'Holdfast could not be reached.'],
    [
      'our server refuses',
      { status: 404, body: { title: 'This account is not connected.' } },
      'This account is not con',
    ],
  ])('is told so, and can try again, when %s', async (_, answer, said) => {
    const { page, fetch } = await openSettings(answer);
    expect(wordsOf(page.getRootNode()).join(' ')).toContain(said);
    fetch.mockResolvedValue(new Response(JSON.stringify(well)));
    page.find(Button).trigger('onClick');
    await page.waitFor(() => expect(wordsOf(page.getRootNode())).toContain('No open problems'));
  });
});

async function openSettings(answer: { readonly status: number; readonly body: unknown } | null) {
  const fetch = vi
    .spyOn(hubspot, 'fetch')
    .mockImplementation(() =>
      answer === null
        ? Promise.reject(new Error('The request timed out.'))
        : Promise.resolve(new Response(JSON.stringify(answer.body), { status: answer.status })),
    );
  const page = createRenderer('settings');
  page.mocks.context.user.locale = 'en-gb';
  page.mocks.context.portal.timezone = 'Europe/Berlin';
  page.mocks.context.variables = { HOLDFAST_URL: 'https://app.holdfast.example' };
  page.render(<SettingsPage />);
  await page.waitFor(() => expect(page.maybeFind(LoadingSpinner)).toBeNull());
  return { page, fetch };
}
