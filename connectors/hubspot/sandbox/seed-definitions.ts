import type { SeedPipeline, SeedProperty, SeedStage } from './portal-seed.ts';

type Type = SeedProperty['type'];

const property = (
  groupName: string,
  name: string,
  label: string,
  type: Type,
  fieldType: string,
  values: readonly string[] = [],
): SeedProperty => ({
  name,
  label,
  groupName,
  type,
  fieldType,
  options: values.map((value) => ({ label: value, value })),
});

const bool = (groupName: string, name: string, label: string): SeedProperty => ({
  ...property(groupName, name, label, 'bool', 'booleancheckbox'),
  options: [
    { label: 'Yes', value: 'true' },
    { label: 'No', value: 'false' },
  ],
});

const COMPANY = 'companyinformation';
const DEAL = 'dealinformation';
const CONTACT = 'contactinformation';
const TICKET = 'ticketinformation';

/** What the admin of the sandbox portal has added to HubSpot's own properties. */
export const customProperties: Readonly<Record<string, readonly SeedProperty[]>> = {
  companies: [
    property(COMPANY, 'renewal_date', 'Renewal date', 'date', 'date'),
    property(COMPANY, 'contract_start_date', 'Contract start date', 'date', 'date'),
    property(COMPANY, 'contract_term_months', 'Contract term (months)', 'number', 'number'),
    bool(COMPANY, 'auto_renew', 'Renews automatically'),
    property(COMPANY, 'notice_period_days', 'Notice period (days)', 'number', 'number'),
    property(COMPANY, 'arr', 'ARR', 'number', 'number'),
    property(COMPANY, 'customer_segment', 'Segment', 'enumeration', 'select', ['Enterprise', 'Mid-Market', 'SMB']),
    property(COMPANY, 'csm_owner', 'Customer success manager (owner id)', 'string', 'text'),
    property(COMPANY, 'seats_purchased', 'Seats purchased', 'number', 'number'),
    property(COMPANY, 'seats_used', 'Seats used', 'number', 'number'),
    property(COMPANY, 'customer_status', 'Customer status', 'enumeration', 'select', [
      'Prospect',
      'Customer',
      'Former customer',
    ]),
    property(COMPANY, 'cancellation_notice_date', 'Cancellation notice received', 'date', 'date'),
    property(COMPANY, 'days_overdue', 'Oldest invoice overdue (days)', 'number', 'number'),
  ],
  deals: [
    property(DEAL, 'contract_start_date', 'Contract start date', 'date', 'date'),
    property(DEAL, 'contract_end_date', 'Contract end date', 'date', 'date'),
    property(DEAL, 'arr', 'ARR', 'number', 'number'),
    property(DEAL, 'seats', 'Seats', 'number', 'number'),
    bool(DEAL, 'auto_renew', 'Renews automatically'),
    property(DEAL, 'notice_period_days', 'Notice period (days)', 'number', 'number'),
  ],
  contacts: [
    property(CONTACT, 'stakeholder_role', 'Stakeholder role', 'enumeration', 'select', [
      'Champion',
      'Executive sponsor',
      'Economic buyer',
      'Admin',
      'User',
      'Billing',
    ]),
    bool(CONTACT, 'left_company', 'Has left the company'),
  ],
  tickets: [property(TICKET, 'csat', 'CSAT (1–5)', 'number', 'number')],
};

const open = (id: string, label: string, probability: string): SeedStage => ({
  id,
  label,
  metadata: { isClosed: 'false', probability },
});

const closed = (id: string, label: string, probability: '1.0' | '0.0'): SeedStage => ({
  id,
  label,
  metadata: { isClosed: 'true', probability },
});

const ticketStage = (id: string, label: string, ticketState: 'OPEN' | 'CLOSED'): SeedStage => ({
  id,
  label,
  metadata: { ticketState },
});

/** HubSpot's default pipelines, and one for renewals. Open stages stand in the order in which deals pass them. */
export const pipelines: Readonly<Record<'deals' | 'tickets', readonly SeedPipeline[]>> = {
  deals: [
    {
      id: 'default',
      label: 'Sales Pipeline',
      stages: [
        open('appointmentscheduled', 'Appointment Scheduled', '0.2'),
        open('qualifiedtobuy', 'Qualified To Buy', '0.4'),
        open('presentationscheduled', 'Presentation Scheduled', '0.6'),
        open('decisionmakerboughtin', 'Decision Maker Bought-In', '0.8'),
        open('contractsent', 'Contract Sent', '0.9'),
        closed('closedwon', 'Closed Won', '1.0'),
        closed('closedlost', 'Closed Lost', '0.0'),
      ],
    },
    {
      id: 'renewals',
      label: 'Renewals',
      stages: [
        open('renewal_upcoming', 'Upcoming', '0.5'),
        open('renewal_negotiation', 'In negotiation', '0.7'),
        open('renewal_contract_sent', 'Contract sent', '0.9'),
        closed('renewal_won', 'Renewed', '1.0'),
        closed('renewal_lost', 'Not renewed', '0.0'),
      ],
    },
  ],
  tickets: [
    {
      id: '0',
      label: 'Support Pipeline',
      stages: [
        ticketStage('1', 'New', 'OPEN'),
        ticketStage('2', 'Waiting on contact', 'OPEN'),
        ticketStage('3', 'Waiting on us', 'OPEN'),
        ticketStage('4', 'Closed', 'CLOSED'),
      ],
    },
  ],
};
