import type { Chance } from './world-chance.ts';
import type { WorldRole } from './world-model.ts';

const FIRST_WORDS = (
  'Amber Anchor Ashgrove Beacon Birchwood Bluebell Boulder Bramble Brightwater Cedar Cinder Clearfield Cobalt Copper Coral ' +
  'Crescent Cypress Driftwood Eastgate Elmhurst Ember Evergreen Fairmont Falcon Fernhill Flint Foxglove Garnet Glenmore ' +
  'Granite Greenway Harrow Hawthorn Hazel Heron Highmoor Hollow Indigo Ironbridge Ivory Jasper Kingfisher Lakeside Larkspur ' +
  'Laurel Linden Lowland Magnolia Marble Meadow Merrow Midland Millstone Mossy Nightingale Northgate Oakhurst Obsidian Onyx ' +
  'Orchard Osprey Pebble Pinecrest Plover Quarry Quartz Raven Redwood Ridgeline Riverbend Rowan Saffron Sandpiper Sequoia ' +
  'Silverbrook Slate Sparrow Stonebridge Summit Sycamore Tamarack Thistle Timber Topaz Umber Valley Violet Walnut Westfield ' +
  'Whitecap Willow Windmill Woodland Yarrow Zephyr'
).split(' ');

const LINES_OF_BUSINESS: readonly (readonly [word: string, industry: string])[] = [
  ['Analytics', 'Computer Software'],
  ['Software', 'Computer Software'],
  ['Cloud', 'Information Technology and Services'],
  ['Systems', 'Information Technology and Services'],
  ['Bank', 'Banking'],
  ['Capital', 'Financial Services'],
  ['Insurance', 'Insurance'],
  ['Freight', 'Logistics and Supply Chain'],
  ['Logistics', 'Logistics and Supply Chain'],
  ['Clinics', 'Hospital & Health Care'],
  ['Health', 'Hospital & Health Care'],
  ['Pharma', 'Pharmaceuticals'],
  ['Machines', 'Machinery'],
  ['Robotics', 'Industrial Automation'],
  ['Foods', 'Food & Beverages'],
  ['Outfitters', 'Retail'],
  ['Learning', 'E-Learning'],
  ['College', 'Higher Education'],
  ['Media', 'Media Production'],
  ['Builders', 'Construction'],
  ['Estates', 'Real Estate'],
  ['Hotels', 'Hospitality'],
  ['Travel', 'Leisure, Travel & Tourism'],
  ['Telecom', 'Telecommunications'],
  ['Legal', 'Law Practice'],
  ['Staffing', 'Staffing and Recruiting'],
  ['Textiles', 'Textiles'],
  ['Energy', 'Oil & Energy'],
];

const ENDINGS = ['', ' Group', ' Inc.', ' Ltd', ' GmbH', ' BV', ' LLC', ' & Co.'];

/** Names that break software which was tried on plain ones only. */
const ODD_NAMES: readonly string[] = [
  "O'Malley & Sons' Bakery",
  'Rocketlab 🚀 Växjö',
  'شركة النور للتجارة',
  'חברת הגליל בע"מ',
  '株式会社さくら商事',
  '北京蓝天科技有限公司',
  '=SUM(A1:A9) Analytics',
  '+41 Helvetic Imports',
  '@home Interiors',
  '-Minus Design Studio',
  '<b>Bold</b> Consulting & Partners',
  'Ünïcödé Maschinenbau GmbH & Co. KG',
  '  Trailing Space Trading  ',
  'Zero\u200bWidth Networks',
  'null',
  '00123',
  'Comma, Quote " and Semicolon; Ltd',
  'Line\nBreak Brewing',
  '👩‍👩‍👧‍👦 Family Care',
  `${'Very Long '.repeat(24)}Holding Company of Companies`,
];

const FIRST_NAMES = (
  'Aisha Alex Amara Ana Andrea Ben Camille Carlos Chen Chiara Daniel Diego Elena Emma Erik Fatima Femi Grace Hana Hugo ' +
  'Ingrid Ivan Jack James Jonas José Julia Kai Karim Kofi Laura Lena Leo Lucía Marcus Maria Maya Mei Mohammed Nadia Nina ' +
  'Noah Olivia Omar Patrick Priya Rafael Ravi Rosa Sam Sara Siân Sofia Søren Thomas Tomáš Wei Yara Yuki Zoë'
).split(' ');

const LAST_NAMES = (
  'Abebe Adeyemi Ahmed Andersson Bauer Brown Chen Costa Dubois D’Angelo Eriksson Evans Fernández Fischer García Gupta Haddad ' +
  'Hansen Ito Jansen Johnson Kaya Khan Kim Kowalski Larsen Lee López Martin Mensah Meyer Moreau Müller Murphy Nakamura ' +
  'Nguyen Novák Okafor O’Brien Olsen Patel Petrov Quinn Rossi Roux Sato Schmidt Silva Singh Smith Sørensen Svensson Tanaka ' +
  'Taylor Torres Van-den-Berg Walker Weber Williams Wójcik Yamamoto Yılmaz Zhang'
).split(' ');

const ODD_PEOPLE: readonly (readonly [first: string, last: string])[] = [
  ['雷', '李'],
  ['محمد', 'الحسن'],
  ['Zoë 🎉', "O'Neil-Smith"],
  ['=cmd', 'Test'],
  ['X', 'Æ'],
  ['María de los Ángeles', 'Fernández de la Vega y Montoya-Castellanos'],
];

const TITLES: Readonly<Record<WorldRole, readonly string[]>> = {
  champion: ['Head of Operations', 'Director of Revenue Operations', 'Programme Lead'],
  exec_sponsor: ['Chief Operating Officer', 'VP Operations', 'Managing Director'],
  economic_buyer: ['Chief Financial Officer', 'VP Finance', 'Procurement Director'],
  admin: ['Systems Administrator', 'IT Manager', 'CRM Administrator'],
  user: ['Account Executive', 'Operations Analyst', 'Team Lead', 'Coordinator'],
  billing: ['Accounts Payable', 'Finance Assistant'],
};

const REGIONS = ['North America', 'EMEA', 'APAC', 'LATAM'];

export interface CompanyName {
  readonly name: string;
  readonly domain: string;
  readonly industry: string;
}

/**
 * Name, domain and industry of the company with a key; a domain is never given to two keys. Ends in `.example`, which
 * RFC 2606 keeps free, so that no mail from a test reaches anybody.
 */
export function companyNameOf(key: number): CompanyName {
  // 7,919 shares no factor with the number of pairs, so that neighbours look unlike and no pair comes twice in a round.
  const pairs = FIRST_WORDS.length * LINES_OF_BUSINESS.length;
  const pair = (key * 7_919) % pairs;
  const round = Math.floor(key / pairs);
  const first = FIRST_WORDS[pair % FIRST_WORDS.length] ?? 'Plain';
  const [line, industry] = LINES_OF_BUSINESS[Math.floor(pair / FIRST_WORDS.length)] ?? ['Trading', 'Retail'];
  const ending = ENDINGS[(key * 5 + round) % ENDINGS.length] ?? '';
  const suffix = round === 0 ? '' : `-${round + 1}`;
  return { name: `${first} ${line}${ending}`, domain: `${slug(first)}-${slug(line)}${suffix}.example`, industry };
}

/** For every fiftieth key the next awkward name, so that each of them is met from 1,000 accounts on; null for the rest. */
export function oddCompanyName(key: number): string | null {
  return key % 50 === 33 ? (ODD_NAMES[Math.floor(key / 50) % ODD_NAMES.length] ?? null) : null;
}

/** First and last name; one in fifty is awkward to store or print. */
export function personName(chance: Chance): readonly [first: string, last: string] {
  return chance.is(0.02) ? chance.pick(ODD_PEOPLE) : [chance.pick(FIRST_NAMES), chance.pick(LAST_NAMES)];
}

export function titleOf(role: WorldRole, chance: Chance): string {
  return chance.pick(TITLES[role]);
}

export function regionName(chance: Chance): string {
  return chance.pick(REGIONS);
}

/** Lower-case ASCII letters and digits with single dashes, fit for a domain or the front of an e-mail; may be empty. */
export function slug(text: string): string {
  return text
    .replaceAll('ø', 'o')
    .replaceAll('ı', 'i')
    .normalize('NFKD')
    .replaceAll(/[\u0300-\u036f'’]/g, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
}
