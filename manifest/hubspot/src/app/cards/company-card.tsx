import { hubspot } from '@hubspot/ui-extensions';
import { HealthCard } from './health-card.tsx';

hubspot.extend<'crm.record.tab'>(() => <HealthCard object="companies" />);
