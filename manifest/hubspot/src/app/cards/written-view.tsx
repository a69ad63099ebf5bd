import {
  Alert,
  Button,
  DescriptionList,
  DescriptionListItem,
  ErrorState,
  Flex,
  LoadingSpinner,
  Text,
} from '@hubspot/ui-extensions';
import { useCrmProperties } from '@hubspot/ui-extensions/crm';
import type { CardProblem, CardRecord } from './card-api.ts';
import { sayDay, sayMoment, sayShare, type Reader } from './wording.ts';
import { writtenProperties, type WrittenProperty } from './written-words.ts';

const writtenAt: Readonly<Record<CardRecord['object'], string>> = {
  companies: 'holdfast_last_scored_at',
  deals: 'holdfast_updated_at',
};

/** What Holdfast last wrote on the record: shown while our server is out of reach, with how old it is. */
export function WrittenView({
  object,
  problem,
  reader,
  again,
}: {
  readonly object: CardRecord['object'];
  readonly problem: CardProblem;
  readonly reader: Reader;
  readonly again: () => void;
}) {
  const shown = writtenProperties[object];
  const { properties, error, isLoading } = useCrmProperties(shown.map(({ name }) => name));
  if (isLoading) return <LoadingSpinner label="Loading what was last written" showLabel={true} layout="centered" />;

  const at = properties[writtenAt[object]] ?? '';
  if (error !== null || at === '') {
    return (
      <ErrorState title={problem.message}>
        <Text>{problem.remedy}</Text>
        <Text>Nothing is written on this record that could be shown meanwhile.</Text>
        <Button variant="secondary" onClick={again}>
          Try again
        </Button>
      </ErrorState>
    );
  }
  return (
    <Flex direction="column" gap="md">
      <Alert title={`${problem.message} This is as of ${sayMoment(toIso(at), reader)}.`} variant="warning">
        {`${problem.remedy} Until then you see what was last written on this record, without reasons in detail.`}
      </Alert>
      <DescriptionList direction="column">
        {shown.map((property) => {
          const value = properties[property.name] ?? '';
          return value === '' ? null : (
            <DescriptionListItem label={property.label} key={property.name}>
              <Text>{sayValue(property, value, reader)}</Text>
            </DescriptionListItem>
          );
        })}
      </DescriptionList>
      <Button variant="secondary" onClick={again}>
        Try again
      </Button>
    </Flex>
  );
}

function sayValue({ type, options }: WrittenProperty, value: string, reader: Reader): string {
  switch (type) {
    case 'date':
      return sayDay(toIso(value).slice(0, 10), reader);
    case 'datetime':
      return sayMoment(toIso(value), reader);
    case 'percent':
      return Number.isFinite(Number(value)) ? sayShare(Number(value)) : value;
    default:
      return options[value] ?? value;
  }
}

/** HubSpot hands over days and moments as ISO 8601 or as epoch milliseconds. */
function toIso(value: string): string {
  return /^\d{9,}$/.test(value) ? new Date(Number(value)).toISOString() : value;
}
