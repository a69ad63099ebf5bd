import {
  Alert,
  Button,
  DescriptionList,
  DescriptionListItem,
  ErrorState,
  Flex,
  Heading,
  hubspot,
  List,
  LoadingSpinner,
  Text,
  useExtensionContext,
} from '@hubspot/ui-extensions';
import { useEffect, useState } from 'react';
import { z } from 'zod';

const settings = z.object({
  status: z.string(),
  lastRunAt: z.string().nullable().default(null),
  problems: z.array(z.string()),
  /** Signs the admin in; good for a short time and once. */
  adminUrl: z.string(),
});

type Settings = z.output<typeof settings>;

const problem = z.object({ title: z.string(), remedy: z.string().default('') });

type Known =
  | { readonly state: 'loading' }
  | { readonly state: 'shown'; readonly settings: Settings }
  | { readonly state: 'failed'; readonly title: string; readonly remedy: string };

/** The app's page in HubSpot's settings: how it is doing, and the way to its own pages. */
export function SettingsPage() {
  const context = useExtensionContext<'settings'>();
  const [known, setKnown] = useState<Known>({ state: 'loading' });
  const [turn, setTurn] = useState(0);
  const address = String(context.variables?.['HOLDFAST_URL'] ?? '');

  useEffect(() => {
    let isCurrent = true;
    void read(address).then((next) => isCurrent && setKnown(next));
    return () => {
      isCurrent = false;
    };
  }, [address, turn]);

  const again = () => {
    setKnown({ state: 'loading' });
    setTurn((last) => last + 1);
  };

  if (known.state === 'loading') return <LoadingSpinner label="Loading settings" showLabel={true} layout="centered" />;
  if (known.state === 'failed') {
    return (
      <ErrorState title={known.title}>
        <Text>{known.remedy}</Text>
        <Button variant="secondary" onClick={again}>
          Try again
        </Button>
      </ErrorState>
    );
  }
  return <Shown settings={known.settings} locale={context.user.locale ?? 'en'} timeZone={context.portal.timezone} />;
}

function Shown({
  settings: { status, lastRunAt, problems, adminUrl },
  locale,
  timeZone,
}: {
  readonly settings: Settings;
  readonly locale: string;
  readonly timeZone: string;
}) {
  const at = new Intl.DateTimeFormat(locale.replaceAll('_', '-'), {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone,
  });
  return (
    <Flex direction="column" gap="md">
      <Heading>Holdfast</Heading>
      <DescriptionList direction="column">
        <DescriptionListItem label="Status">
          <Text>{statusWords[status] ?? status}</Text>
        </DescriptionListItem>
        <DescriptionListItem label="Last run">
          <Text>{lastRunAt === null ? 'None yet' : at.format(new Date(lastRunAt))}</Text>
        </DescriptionListItem>
      </DescriptionList>
      {problems.length === 0 ? (
        <Alert title="No open problems" variant="success" />
      ) : (
        <Alert
          title={problems.length === 1 ? 'One open problem' : `${problems.length} open problems`}
          variant="warning"
        >
          <List variant="unordered">
            {problems.map((one) => (
              <Text key={one}>{one}</Text>
            ))}
          </List>
        </Alert>
      )}
      <Button variant="primary" href={{ url: adminUrl, external: true }}>
        Open Holdfast
      </Button>
      <Text variant="microcopy">
        Plans, problems, approval and removal are there. The button signs you in for a short time.
      </Text>
    </Flex>
  );
}

const statusWords: Readonly<Record<string, string>> = {
  active: 'Active',
  paused: 'Paused',
  lost: 'Not connected: connect this account again',
};

async function read(address: string): Promise<Known> {
  const lost: Known = {
    state: 'failed',
    title: 'Holdfast could not be reached.',
    remedy: 'Try again in a few minutes.',
  };
  const answer = await hubspot.fetch(`${address}/cards/hubspot/settings`, { method: 'GET' }).catch(() => null);
  if (answer === null) return lost;
  const body: unknown = await answer.json().catch(() => null);
  if (answer.ok) {
    const parsed = settings.safeParse(body);
    return parsed.success ? { state: 'shown', settings: parsed.data } : lost;
  }
  const said = problem.safeParse(body);
  return said.success ? { state: 'failed', ...said.data } : lost;
}

hubspot.extend<'settings'>(() => <SettingsPage />);
