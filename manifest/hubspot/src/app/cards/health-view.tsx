import {
  Alert,
  DescriptionList,
  DescriptionListItem,
  Divider,
  Flex,
  Heading,
  Link,
  List,
  Statistics,
  StatisticsItem,
  StatisticsTrend,
  StatusTag,
  Text,
} from '@hubspot/ui-extensions';
import type { CardView } from './card-view.ts';
import { bandVariant, say, sayDay, sayMoment, sayPoints, sayShare, type Reader } from './wording.ts';

// Scores are made anew every day; twice that long means that something hinders it.
const freshForMs = 48 * 3_600_000;

interface Shown {
  readonly view: CardView;
  readonly reader: Reader;
}

/** All that is known of an account. On a deal its renewal comes first. `now` in epoch milliseconds. */
export function HealthView({
  object,
  view,
  reader,
  now,
}: Shown & { readonly object: 'companies' | 'deals'; readonly now: number }) {
  const isOld = now - Date.parse(view.scoredAt) > freshForMs;
  return (
    <Flex direction="column" gap="md">
      {isOld && (
        <Alert title="This score is old" variant="warning">
          {`It was made on ${sayMoment(view.scoredAt, reader)}. Ask your admin to look at Holdfast's settings.`}
        </Alert>
      )}
      {view.override !== null && <OverrideAlert view={view} reader={reader} override={view.override} />}
      {view.overrideProblem !== null && (
        <Alert title="A band set by hand does not count" variant="warning">
          {view.overrideProblem}
        </Alert>
      )}
      {object === 'deals' && <Renewal view={view} reader={reader} />}
      <Standing view={view} />
      <Why title="Why" parts={view.drivers} reader={reader} none="Too little is known to say why." />
      <Why
        title={`What changed in ${view.spans.moverDays} days`}
        parts={view.movers}
        reader={reader}
        none="Nothing of weight."
      />
      {object === 'companies' && <Renewal view={view} reader={reader} />}
      {view.expansion !== null && <Expansion expansion={view.expansion} />}
      <OpenTasks view={view} reader={reader} />
      <Divider />
      <Text variant="microcopy">
        {`Scored on ${sayMoment(view.scoredAt, reader)}.`}
        {view.oldestInputAt === null ? '' : ` The oldest input is of ${sayMoment(view.oldestInputAt, reader)}.`}
      </Text>
      {object === 'deals' && view.account.url !== null && (
        <Link href={view.account.url}>{`Open ${view.account.name}`}</Link>
      )}
    </Flex>
  );
}

function OverrideAlert({ view, reader, override }: Shown & { readonly override: NonNullable<CardView['override']> }) {
  const until = override.until === null ? '' : ` until ${sayDay(override.until, reader)}`;
  const by = override.by === null ? '' : ` Set by ${override.by}.`;
  return (
    <Alert title={`Band set by hand: ${say('overrideBand', override.band)}${until}`} variant="info">
      {`${override.reason ?? 'No reason was given.'}${by} The records alone say ${say('band', view.band)}.`}
    </Alert>
  );
}

function Standing({ view }: { readonly view: CardView }) {
  const { change28d: change, churn, spans } = view;
  const shown = view.override?.band ?? view.band;
  return (
    <Flex direction="column" gap="sm">
      <Statistics>
        <StatisticsItem label="Health" number={view.score === null ? '–' : Math.round(view.score)}>
          {change !== null && change !== 0 && (
            <StatisticsTrend
              value={`${sayPoints(change)} in ${spans.trendDays} days`}
              direction={change < 0 ? 'decrease' : 'increase'}
              color={change < 0 ? 'red' : 'green'}
            />
          )}
        </StatisticsItem>
        <StatisticsItem label="Churn risk" number={say('churnRisk', churn.risk ?? 'unknown')} />
      </Statistics>
      <Flex direction="row" gap="sm" wrap="wrap">
        <StatusTag variant={bandVariant(shown)}>{say('band', shown)}</StatusTag>
        {view.trend !== null && <StatusTag>{say('trend', view.trend)}</StatusTag>}
      </Flex>
      {view.reason !== null && <Text format={{ fontWeight: 'demibold' }}>{view.reason}</Text>}
      {view.own !== null && <Text>{sayOwn(view.own)}</Text>}
      <Text variant="microcopy">{sayTrust(view)}</Text>
      {view.validation !== null && <Text variant="microcopy">{sayValidation(view.validation)}</Text>}
    </Flex>
  );
}

/** What the company is by itself, beside a score with those below it, and what else on the card is of it alone. */
function sayOwn({ score, band }: NonNullable<CardView['own']>): string {
  const own = score === null ? 'By itself' : `Own score ${Math.round(score)},`;
  return `${own} ${say('band', band).toLowerCase()}; the score above is with the companies below it. Confidence, reasons, churn, renewal and expansion are of this company alone.`;
}

/** How far the numbers can be trusted, in one line. */
function sayTrust({ confidence, coverage, churn, spans }: CardView): string {
  return [
    confidence === null ? null : `Confidence: ${say('confidence', confidence).toLowerCase()}`,
    coverage === null ? null : `${sayShare(coverage)} of the measures are known`,
    churn.probability === null
      ? null
      : `${sayShare(churn.probability)} probability of churn in ${spans.churnDays} days`,
    churn.status === null ? null : `churn model: ${say('churnModel', churn.status).toLowerCase()}`,
  ]
    .filter((part) => part !== null)
    .join(' · ');
}

function sayValidation({ verdict, lacking }: NonNullable<CardView['validation']>): string {
  if (verdict === 'validated') return 'Validated on your own renewals';
  return ['Unvalidated', lacking.join('; ')].filter((part) => part !== '').join(': ');
}

interface Part {
  readonly title: string;
  readonly because: string;
  readonly points: number;
  readonly source?: string | null;
  readonly at?: string | null;
}

function Why({
  title,
  parts,
  reader,
  none,
}: {
  readonly title: string;
  readonly parts: readonly Part[];
  readonly reader: Reader;
  readonly none: string;
}) {
  return (
    <Flex direction="column" gap="xs">
      <Heading inline={true}>{title}</Heading>
      {parts.length === 0 ? (
        <Text>{none}</Text>
      ) : (
        <List variant="unordered-styled">
          {parts.map((part) => (
            <Flex direction="column" key={part.title}>
              <Text>{`${part.title} (${sayPoints(part.points)}): ${part.because}`}</Text>
              <Origin part={part} reader={reader} />
            </Flex>
          ))}
        </List>
      )}
    </Flex>
  );
}

function Origin({ part: { source, at }, reader }: { readonly part: Part; readonly reader: Reader }) {
  const said = [source ?? null, at === null || at === undefined ? null : sayMoment(at, reader)].filter(
    (piece) => piece !== null,
  );
  return said.length === 0 ? null : (
    <Text variant="microcopy" format={{ textTransform: 'sentenceCase' }}>
      {said.join(', ')}
    </Text>
  );
}

function Renewal({ view: { renewal }, reader }: Shown) {
  if (renewal === null) return <Text>No renewal date is known for this customer.</Text>;
  const action = [
    renewal.nextAction,
    renewal.nextActionOn === null ? null : `by ${sayDay(renewal.nextActionOn, reader)}`,
  ]
    .filter((part) => part !== null)
    .join(' ');
  return (
    <Flex direction="column" gap="xs">
      <Heading inline={true}>Next renewal</Heading>
      <DescriptionList direction="row">
        {renewal.status !== null && (
          <DescriptionListItem label="Status">
            <Text>{say('renewalStatus', renewal.status)}</Text>
          </DescriptionListItem>
        )}
        {renewal.decidesOn !== null && (
          <DescriptionListItem label="Decided by">
            <Text>{sayDay(renewal.decidesOn, reader)}</Text>
          </DescriptionListItem>
        )}
        {renewal.endsOn !== null && (
          <DescriptionListItem label="Ends on">
            <Text>{sayDay(renewal.endsOn, reader)}</Text>
          </DescriptionListItem>
        )}
        {action !== '' && (
          <DescriptionListItem label="Next action">
            <Text>{action}</Text>
          </DescriptionListItem>
        )}
      </DescriptionList>
    </Flex>
  );
}

function Expansion({ expansion }: { readonly expansion: NonNullable<CardView['expansion']> }) {
  const band = expansion.band === null ? 'Not known' : say('expansionBand', expansion.band);
  const score = expansion.score === null ? '' : ` (${Math.round(expansion.score)} of 100)`;
  return (
    <Flex direction="column" gap="xs">
      <Heading inline={true}>Expansion</Heading>
      <Text>{`${band}${score}${expansion.reason === null ? '' : `: ${expansion.reason}`}`}</Text>
    </Flex>
  );
}

function OpenTasks({ view: { openTasks }, reader }: Shown) {
  return (
    <Flex direction="column" gap="xs">
      <Heading inline={true}>Open tasks</Heading>
      {openTasks.length === 0 ? (
        <Text>None.</Text>
      ) : (
        <List variant="unordered-styled">
          {openTasks.map((task) => (
            <Flex direction="column" key={`${task.subject} ${task.dueOn}`}>
              {task.url === null ? <Text>{task.subject}</Text> : <Link href={task.url}>{task.subject}</Link>}
              <Text variant="microcopy">
                {`${task.dueOn === null ? 'No due date' : `Due ${sayDay(task.dueOn, reader)}`}, ${task.owner ?? 'nobody'}`}
              </Text>
            </Flex>
          ))}
        </List>
      )}
    </Flex>
  );
}
