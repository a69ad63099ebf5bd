import type { LoginAddresses } from '../contract/auth.ts';

const PRODUCTION = 'https://login.salesforce.com';
const SANDBOX = 'https://test.salesforce.com';

/** `acme`, `acme--uat.sandbox`: what stands before `.my.salesforce.com`. */
const MY_DOMAIN = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.(?:sandbox|develop|scratch|demo|patch|trailblaze|free))?$/;

/**
 * Orgs may close the common login page, so that an admin has to name their own. The app's secret is sent to that address,
 * which is why nothing but Salesforce's hosts passes, and the one that the configuration names.
 */
export const logins: LoginAddresses = {
  example: 'https://acme.my.salesforce.com',

  choices: ({ webUrl }) => [
    ...(webUrl === undefined || webUrl === PRODUCTION || webUrl === SANDBOX
      ? []
      : [{ title: URL.parse(webUrl)?.host ?? webUrl, url: webUrl }]),
    { title: 'Production or Developer Edition', url: PRODUCTION },
    { title: 'Sandbox', url: SANDBOX },
  ],

  parse: ({ webUrl }, typed) => {
    const text = typed.trim().toLowerCase();
    if (webUrl !== undefined && text === webUrl.toLowerCase()) return webUrl;
    const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//.test(text) ? text : `https://${text}`);
    if (url === null || url.protocol !== 'https:' || url.port !== '' || url.username !== '' || url.password !== '') {
      return null;
    }
    if (url.origin === PRODUCTION || url.origin === SANDBOX) return url.origin;
    // People copy the address of the page that they stand on.
    const host = url.hostname.replace(/\.(?:lightning\.force|my\.salesforce-setup)\.com$/, '.my.salesforce.com');
    const domain = host.endsWith('.my.salesforce.com') ? host.slice(0, -'.my.salesforce.com'.length) : null;
    return domain !== null && MY_DOMAIN.test(domain) ? `https://${host}` : null;
  },
};
