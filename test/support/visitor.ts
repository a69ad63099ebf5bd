/** A browser without a screen: it keeps cookies, and follows no redirect unless told. Paths are those of our pages. */
export interface Visitor {
  get(url: string): Promise<Visited>;
  /** Sends the form of the page last visited whose action ends so, with its hidden fields. */
  send(action: string, fields?: Readonly<Record<string, string>>): Promise<Visited>;
  post(url: string, fields: Readonly<Record<string, string>>): Promise<Visited>;
  /** Goes on through redirects until a page comes. */
  follow(url: string): Promise<Visited>;
  readonly cookies: ReadonlyMap<string, string>;
}

export interface Visited {
  readonly status: number;
  readonly url: string;
  /** Where it redirects to; null when it does not. */
  readonly location: string | null;
  readonly text: string;
  /** The text without tags. */
  readonly words: string;
  readonly headers: Headers;
}

export function openVisitor(root: string): Visitor {
  const cookies = new Map<string, string>();
  let last: Visited | null = null;

  const visit = async (url: string, init: RequestInit = {}): Promise<Visited> => {
    const absolute = new URL(url, root);
    const isOurs = absolute.origin === new URL(root).origin;
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(absolute, {
      ...init,
      redirect: 'manual',
      headers: { accept: 'text/html', ...(isOurs && cookie !== '' ? { cookie } : {}) },
    });
    for (const line of isOurs ? response.headers.getSetCookie() : []) {
      const [pair = ''] = line.split(';');
      const [name, value] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)];
      if (value === '' || /expires=Thu, 01 Jan 1970/i.test(line)) cookies.delete(name);
      else cookies.set(name, value);
    }
    const location = response.headers.get('location');
    const text = await response.text();
    last = {
      status: response.status,
      url: absolute.href,
      location: location === null ? null : new URL(location, absolute).href,
      text,
      words: text
        .replaceAll(/<[^>]+>/g, ' ')
        .replaceAll(/\s+/g, ' ')
        .trim(),
      headers: response.headers,
    };
    return last;
  };

  return {
    cookies,
    get: (url) => visit(url),
    post: (url, fields) => visit(url, { method: 'POST', body: new URLSearchParams(fields) }),
    follow: async (url) => {
      let visited = await visit(url);
      for (let hops = 0; visited.location !== null && hops < 10; hops += 1) visited = await visit(visited.location);
      return visited;
    },
    send: (action, fields = {}) => {
      const forms = (last?.text ?? '').split('<form').slice(1);
      const form = forms.find((one) => new RegExp(`action="[^"]*${action}"`).test(one));
      if (form === undefined) throw new Error(`the page ${last?.url ?? ''} has no form for ${action}`);
      const hidden = [...form.matchAll(/type="hidden"\s+name="([^"]+)"\s+value="([^"]*)"/g)].map(
        ([, name = '', value = '']) => [name, value],
      );
      return visit(action, { method: 'POST', body: new URLSearchParams({ ...Object.fromEntries(hidden), ...fields }) });
    },
  };
}
