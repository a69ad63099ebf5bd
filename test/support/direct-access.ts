import type { Access, CallRequest, ReportedUsage } from '../../connectors/contract/connector.ts';
import { Secret } from '../../connectors/contract/auth.ts';

export interface DirectAccess extends Access {
  /** Every call that was made, in order. */
  readonly calls: readonly CallRequest[];
  /** What the headers of each answer said, in order. */
  readonly usage: readonly ReportedUsage[];
}

/** An `Access` that lets every call through at once and repeats nothing, so that tests see what a connector asks for. */
export function openDirectAccess(
  baseUrl: string,
  options: { readonly token?: string; readonly signal?: AbortSignal } = {},
): DirectAccess {
  const calls: CallRequest[] = [];
  const usage: ReportedUsage[] = [];
  const token = new Secret(options.token ?? 'test-token');
  const signal = options.signal ?? new AbortController().signal;
  return {
    baseUrl,
    calls,
    usage,
    pause: async () => undefined,
    call: (request, attempt) => {
      calls.push(request);
      return attempt({ token, signal, report: (reported) => usage.push(reported) });
    },
  };
}
