import {
  Button,
  EmptyState,
  Flex,
  LoadingSpinner,
  Text,
  useExtensionActions,
  useExtensionContext,
} from '@hubspot/ui-extensions';
import { useEffect, useState } from 'react';
import { act, CardProblem, readCard, type Act, type CardRecord } from './card-api.ts';
import type { CardView } from './card-view.ts';
import { HealthActs } from './health-acts.tsx';
import { HealthView } from './health-view.tsx';
import type { Reader } from './wording.ts';
import { WrittenView } from './written-view.tsx';

type Known =
  | { readonly state: 'loading' }
  | { readonly state: 'shown'; readonly view: CardView }
  | { readonly state: 'failed'; readonly problem: CardProblem };

/**
 * The card of a company or a deal. Shows what our server knows; where it is out of reach, what it last wrote on the
 * record; where it knows nothing of the record, why.
 */
export function HealthCard({ object }: { readonly object: CardRecord['object'] }) {
  const context = useExtensionContext<'crm.record.tab'>();
  const actions = useExtensionActions<'crm.record.tab'>();
  const [known, setKnown] = useState<Known>({ state: 'loading' });
  const [turn, setTurn] = useState(0);
  // The profile that the app was uploaded with names our server.
  const address = String(context.variables?.['HOLDFAST_URL'] ?? '');
  const id = context.crm.objectId;

  useEffect(() => {
    let isCurrent = true;
    void look(address, { object, id }).then((next) => isCurrent && setKnown(next));
    return () => {
      isCurrent = false;
    };
  }, [address, object, id, turn]);

  const again = () => {
    setKnown({ state: 'loading' });
    setTurn((last) => last + 1);
  };

  const perform = async (wish: Act): Promise<CardProblem | null> => {
    try {
      await act(address, { object, id }, wish);
    } catch (error) {
      return toProblem(error);
    }
    actions.addAlert({ type: 'success', title: 'Saved', message: 'The score follows shortly.' });
    actions.refreshObjectProperties();
    setTurn((last) => last + 1);
    return null;
  };

  const reader: Reader = { locale: context.user.locale ?? 'en', timeZone: context.portal.timezone };
  if (known.state === 'loading') {
    return <LoadingSpinner label="Loading customer health" showLabel={true} layout="centered" />;
  }
  if (known.state === 'shown') {
    return (
      <Flex direction="column" gap="md">
        <HealthView object={object} view={known.view} reader={reader} now={Date.now()} />
        <HealthActs view={known.view} today={today(reader)} perform={perform} />
      </Flex>
    );
  }
  if (known.problem.isKnown && known.problem.status === 404) {
    return (
      <EmptyState title={known.problem.message} layout="vertical" imageName="companies">
        <Text>{known.problem.remedy}</Text>
        <Button variant="secondary" onClick={again}>
          Look again
        </Button>
      </EmptyState>
    );
  }
  return <WrittenView object={object} problem={known.problem} reader={reader} again={again} />;
}

async function look(address: string, record: CardRecord): Promise<Known> {
  try {
    return { state: 'shown', view: await readCard(address, record) };
  } catch (error) {
    return { state: 'failed', problem: toProblem(error) };
  }
}

/** The account's calendar day, `YYYY-MM-DD`. */
function today({ timeZone }: Reader): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone }).format(Date.now());
}

function toProblem(error: unknown): CardProblem {
  if (error instanceof CardProblem) return error;
  const said = error instanceof Error ? error.message : String(error);
  return new CardProblem(null, `The card failed: ${said}`, 'Reload the page; if it lasts, tell support.', false);
}
