import { readBody } from './read-body.ts';

export interface FormAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/**
 * Posts `application/x-www-form-urlencoded`, as OAuth token endpoints want it: every value in the body, none in the URL.
 * Never follows a redirect, because that would carry a secret to another place. Rejects with what `fetch` throws.
 */
export async function postForm(
  url: string,
  values: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<FormAnswer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { Accept: 'application/json' },
    body: new URLSearchParams(values),
    redirect: 'error',
    signal,
  });
  return { status: response.status, headers: response.headers, text: await readBody(response, signal) };
}
