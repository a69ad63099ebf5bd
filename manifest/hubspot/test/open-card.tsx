import { hubspot } from '@hubspot/ui-extensions';
import {
  createRenderer,
  isRenderedElementNode,
  isRenderedTextNode,
  type RenderedNode,
  type RendererMocks,
} from '@hubspot/ui-extensions/testing';
import { vi } from 'vitest';
import { HealthCard } from '../src/app/cards/health-card.tsx';

/** The moment at which every card is looked at. */
export const NOW = new Date('2026-03-02T11:00:00Z');

/** What our server answers to a call, or that the call fails on the way. */
export type Answer = { readonly status?: number; readonly body: unknown } | 'out of reach';

export interface Call {
  readonly url: string;
  readonly method: string;
  readonly body: unknown;
}

/**
 * Opens the card of a record in a HubSpot account in Berlin, for a person who reads British English. `answers` are given
 * one call after the other; the last one stays.
 */
export function openCard(
  object: 'companies' | 'deals',
  answers: readonly Answer[],
  written: Readonly<Record<string, string | null>> = {},
) {
  const calls: Call[] = [];
  vi.spyOn(hubspot, 'fetch').mockImplementation((url, options) => {
    calls.push({ url: String(url), method: options?.method ?? 'GET', body: options?.body ?? null });
    const answer = answers[Math.min(calls.length, answers.length) - 1];
    if (answer === undefined || answer === 'out of reach') return Promise.reject(new Error('The request timed out.'));
    return Promise.resolve(new Response(JSON.stringify(answer.body), { status: answer.status ?? 200 }));
  });
  const renderer = createRenderer('crm.record.tab');
  const { context } = renderer.mocks;
  context.user.locale = 'en-gb';
  context.portal.timezone = 'Europe/Berlin';
  context.crm = { objectId: 17, objectTypeId: object === 'companies' ? '0-2' : '0-3' };
  context.variables = { HOLDFAST_URL: 'https://app.holdfast.example' };
  showsWritten(renderer.mocks, written);
  renderer.render(<HealthCard object={object} />);
  return { ...renderer, calls, words: () => wordsOf(renderer.getRootNode()) };
}

function showsWritten(mocks: RendererMocks<'crm.record.tab'>, written: Readonly<Record<string, string | null>>): void {
  mocks.useCrmProperties.willCall((names) => ({
    properties: Object.fromEntries(names.map((name) => [name, written[name] ?? null])),
    error: null,
    isLoading: false,
    isRefetching: false,
    refetch: () => Promise.resolve(),
  }));
}

/** Everything that a person reads, in order: texts, titles, labels and numbers, without those of forms' choices. */
export function wordsOf(node: RenderedNode): readonly string[] {
  if (isRenderedTextNode(node)) return [node.text];
  const { title, label, number, value } = isRenderedElementNode(node) ? node.props : {};
  const own = [title, label, number, value].filter((word) => typeof word === 'string' || typeof word === 'number');
  return [...own.map(String), ...node.childNodes.flatMap((child) => wordsOf(child))];
}
