import { MONDAY } from './line-office.ts';
import type { CustomerOptions } from './line-office.ts';
import { row, toCompany } from './sandbox-portal.ts';

const daysAgo = (days: number): string => new Date(MONDAY - days * 86_400_000).toISOString();

/** Enough on record of a company for a score: two people, one of whom answers, a won deal, a ticket that was solved. */
export function knownCompany(id: string): NonNullable<CustomerOptions['rest']> {
  const [champion, buyer, deal, ticket, reply] = [21, 22, 31, 41, 51].map((number) => `${number}${id}`);
  if (!champion || !buyer || !deal || !ticket || !reply) throw new Error('every record has an id');
  return {
    rows: [
      row('contacts', champion, { email: `kim${id}@acme.example`, firstname: 'Kim', hs_buying_role: 'CHAMPION' }),
      row('contacts', buyer, { email: `lee${id}@acme.example`, firstname: 'Lee', hs_buying_role: 'DECISION_MAKER' }),
      row('deals', deal, {
        dealname: 'First contract',
        pipeline: 'default',
        dealstage: 'closedwon',
        amount: '50000',
        closedate: daysAgo(300),
        dealtype: 'newbusiness',
      }),
      row('tickets', ticket, {
        subject: 'How to export',
        hs_pipeline: '0',
        hs_pipeline_stage: '4',
        hs_ticket_priority: 'LOW',
        createdate: daysAgo(40),
        closed_date: daysAgo(39),
      }),
      row('emails', reply, {
        hs_timestamp: daysAgo(5),
        hs_email_direction: 'INCOMING_EMAIL',
        hs_email_status: 'SENT',
      }),
    ],
    links: [
      toCompany(['contacts', champion], id, true),
      toCompany(['contacts', buyer], id, true),
      toCompany(['deals', deal], id, true),
      toCompany(['tickets', ticket], id, true),
      toCompany(['emails', reply], id),
      { fromObject: 'emails', fromId: reply, toObject: 'contacts', toId: champion, isPrimary: false },
    ],
  };
}
