import { toOptions } from './property-definition.ts';
import type { PropertyDefinition, PropertyType } from './property-definition.ts';

/** HubSpot's own properties, as far as a customer success app reads or writes them; a real portal has hundreds more. */
type Standard = Pick<PropertyDefinition, 'name' | 'label' | 'type' | 'fieldType' | 'options'> &
  Partial<Pick<PropertyDefinition, 'readOnlyValue' | 'referencedObjectType' | 'hasUniqueValue' | 'numberDisplayHint'>>;

function property(name: string, label: string, type: PropertyType, fieldType: string): Standard {
  return { name, label, type, fieldType, options: [] };
}

const text = (name: string, label: string): Standard => property(name, label, 'string', 'text');
const longText = (name: string, label: string): Standard => property(name, label, 'string', 'textarea');
const number = (name: string, label: string): Standard => property(name, label, 'number', 'number');
const datetime = (name: string, label: string): Standard => property(name, label, 'datetime', 'date');
const readOnly = (standard: Standard): Standard => ({ ...standard, readOnlyValue: true });

const flag = (name: string, label: string): Standard => ({
  ...property(name, label, 'bool', 'booleancheckbox'),
  options: toOptions([
    { label: 'Yes', value: 'true' },
    { label: 'No', value: 'false' },
  ]),
});

/** `values` by spaces; labels are made of them: `PAST_DUE` → `Past due`. */
const choice = (name: string, label: string, values: string, fieldType = 'select'): Standard => ({
  ...property(name, label, 'enumeration', fieldType),
  options: toOptions(values.split(/\s+/).map((value) => ({ value, label: labelOf(value) }))),
});

const owner = (name: string, label: string): Standard => ({
  ...property(name, label, 'enumeration', 'select'),
  referencedObjectType: 'OWNER',
});

function labelOf(value: string): string {
  const words = value.replaceAll('_', ' ').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const everyObject: readonly Standard[] = [
  owner('hubspot_owner_id', 'Owner'),
  readOnly(datetime('hubspot_owner_assigneddate', 'Owner assigned date')),
  readOnly(number('hs_object_id', 'Record ID')),
  readOnly(datetime('hs_lastmodifieddate', 'Last modified date')),
  readOnly(text('hs_merged_object_ids', 'Merged record IDs')),
  readOnly(number('hs_created_by_user_id', 'Created by user ID')),
  readOnly(number('hs_updated_by_user_id', 'Updated by user ID')),
];

const activityTimes: readonly Standard[] = [
  readOnly(datetime('notes_last_contacted', 'Last contacted')),
  readOnly(datetime('notes_last_updated', 'Last activity date')),
  readOnly(datetime('notes_next_activity_date', 'Next activity date')),
  readOnly(number('num_notes', 'Number of sales activities')),
  readOnly(number('num_contacted_notes', 'Number of times contacted')),
  readOnly(datetime('hs_last_sales_activity_timestamp', 'Last engagement date')),
  readOnly(datetime('hs_sales_email_last_replied', 'Recent sales email replied date')),
  readOnly(datetime('hs_latest_meeting_activity', 'Latest meeting activity')),
];

const lifecycleStages =
  'subscriber lead marketingqualifiedlead salesqualifiedlead opportunity customer evangelist other';

const industries = `ACCOUNTING AIRLINES_AVIATION ALTERNATIVE_DISPUTE_RESOLUTION ALTERNATIVE_MEDICINE ANIMATION
APPAREL_FASHION ARCHITECTURE_PLANNING ARTS_AND_CRAFTS AUTOMOTIVE AVIATION_AEROSPACE BANKING BIOTECHNOLOGY
BROADCAST_MEDIA BUILDING_MATERIALS BUSINESS_SUPPLIES_AND_EQUIPMENT CAPITAL_MARKETS CHEMICALS
CIVIC_SOCIAL_ORGANIZATION CIVIL_ENGINEERING COMMERCIAL_REAL_ESTATE COMPUTER_NETWORK_SECURITY COMPUTER_GAMES
COMPUTER_HARDWARE COMPUTER_NETWORKING COMPUTER_SOFTWARE INTERNET CONSTRUCTION CONSUMER_ELECTRONICS CONSUMER_GOODS
CONSUMER_SERVICES COSMETICS DAIRY DEFENSE_SPACE DESIGN EDUCATION_MANAGEMENT E_LEARNING
ELECTRICAL_ELECTRONIC_MANUFACTURING ENTERTAINMENT ENVIRONMENTAL_SERVICES EVENTS_SERVICES EXECUTIVE_OFFICE
FACILITIES_SERVICES FARMING FINANCIAL_SERVICES FINE_ART FISHERY FOOD_BEVERAGES FOOD_PRODUCTION FUND_RAISING FURNITURE
GAMBLING_CASINOS GLASS_CERAMICS_CONCRETE GOVERNMENT_ADMINISTRATION GOVERNMENT_RELATIONS GRAPHIC_DESIGN
HEALTH_WELLNESS_AND_FITNESS HIGHER_EDUCATION HOSPITAL_HEALTH_CARE HOSPITALITY HUMAN_RESOURCES IMPORT_AND_EXPORT
INDIVIDUAL_FAMILY_SERVICES INDUSTRIAL_AUTOMATION INFORMATION_SERVICES INFORMATION_TECHNOLOGY_AND_SERVICES INSURANCE
INTERNATIONAL_AFFAIRS INTERNATIONAL_TRADE_AND_DEVELOPMENT INVESTMENT_BANKING INVESTMENT_MANAGEMENT JUDICIARY
LAW_ENFORCEMENT LAW_PRACTICE LEGAL_SERVICES LEGISLATIVE_OFFICE LEISURE_TRAVEL_TOURISM LIBRARIES
LOGISTICS_AND_SUPPLY_CHAIN LUXURY_GOODS_JEWELRY MACHINERY MANAGEMENT_CONSULTING MARITIME MARKET_RESEARCH
MARKETING_AND_ADVERTISING MECHANICAL_OR_INDUSTRIAL_ENGINEERING MEDIA_PRODUCTION MEDICAL_DEVICES MEDICAL_PRACTICE
MENTAL_HEALTH_CARE MILITARY MINING_METALS MOTION_PICTURES_AND_FILM MUSEUMS_AND_INSTITUTIONS MUSIC NANOTECHNOLOGY
NEWSPAPERS NON_PROFIT_ORGANIZATION_MANAGEMENT OIL_ENERGY ONLINE_MEDIA OUTSOURCING_OFFSHORING PACKAGE_FREIGHT_DELIVERY
PACKAGING_AND_CONTAINERS PAPER_FOREST_PRODUCTS PERFORMING_ARTS PHARMACEUTICALS PHILANTHROPY PHOTOGRAPHY PLASTICS
POLITICAL_ORGANIZATION PRIMARY_SECONDARY_EDUCATION PRINTING PROFESSIONAL_TRAINING_COACHING PROGRAM_DEVELOPMENT
PUBLIC_POLICY PUBLIC_RELATIONS_AND_COMMUNICATIONS PUBLIC_SAFETY PUBLISHING RAILROAD_MANUFACTURE RANCHING REAL_ESTATE
RECREATIONAL_FACILITIES_AND_SERVICES RELIGIOUS_INSTITUTIONS RENEWABLES_ENVIRONMENT RESEARCH RESTAURANTS RETAIL
SECURITY_AND_INVESTIGATIONS SEMICONDUCTORS SHIPBUILDING SPORTING_GOODS SPORTS STAFFING_AND_RECRUITING SUPERMARKETS
TELECOMMUNICATIONS TEXTILES THINK_TANKS TOBACCO TRANSLATION_AND_LOCALIZATION TRANSPORTATION_TRUCKING_RAILROAD
UTILITIES VENTURE_CAPITAL_PRIVATE_EQUITY VETERINARY WAREHOUSING WHOLESALE WINE_AND_SPIRITS WIRELESS WRITING_AND_EDITING`;

const activityBasics: readonly Standard[] = [
  datetime('hs_timestamp', 'Activity date'),
  readOnly(datetime('hs_createdate', 'Create date')),
];

/** The properties whose options are the portal's pipelines, stages or currencies are completed when a portal starts. */
const standardProperties: Readonly<Record<string, readonly Standard[]>> = {
  companies: [
    text('name', 'Company name'),
    text('domain', 'Company domain name'),
    text('website', 'Website URL'),
    property('phone', 'Phone number', 'string', 'phonenumber'),
    longText('description', 'Description'),
    choice('industry', 'Industry', industries),
    number('numberofemployees', 'Number of employees'),
    number('annualrevenue', 'Annual revenue'),
    text('city', 'City'),
    text('state', 'State/Region'),
    text('country', 'Country/Region'),
    text('zip', 'Postal code'),
    text('timezone', 'Time zone'),
    choice('type', 'Type', 'PROSPECT PARTNER RESELLER VENDOR OTHER'),
    choice('lifecyclestage', 'Lifecycle stage', lifecycleStages, 'radio'),
    choice('hs_lead_status', 'Lead status', 'NEW OPEN IN_PROGRESS OPEN_DEAL UNQUALIFIED CONNECTED BAD_TIMING', 'radio'),
    number('hs_parent_company_id', 'Parent company'),
    readOnly(number('hs_num_child_companies', 'Number of child companies')),
    readOnly(number('num_associated_contacts', 'Number of associated contacts')),
    readOnly(number('num_associated_deals', 'Number of associated deals')),
    readOnly(number('hs_num_open_deals', 'Number of open deals')),
    readOnly(number('total_revenue', 'Total revenue')),
    readOnly(number('recent_deal_amount', 'Recent deal amount')),
    readOnly(datetime('recent_deal_close_date', 'Recent deal close date')),
    readOnly(datetime('first_contact_createdate', 'First contact create date')),
    datetime('closedate', 'Close date'),
    readOnly(datetime('createdate', 'Create date')),
    ...activityTimes,
  ],
  contacts: [
    { ...text('email', 'Email'), hasUniqueValue: true },
    text('firstname', 'First name'),
    text('lastname', 'Last name'),
    text('jobtitle', 'Job title'),
    text('company', 'Company name'),
    property('phone', 'Phone number', 'string', 'phonenumber'),
    property('mobilephone', 'Mobile phone number', 'string', 'phonenumber'),
    text('city', 'City'),
    text('country', 'Country/Region'),
    choice('lifecyclestage', 'Lifecycle stage', lifecycleStages, 'radio'),
    choice('hs_lead_status', 'Lead status', 'NEW OPEN IN_PROGRESS OPEN_DEAL UNQUALIFIED CONNECTED BAD_TIMING', 'radio'),
    choice(
      'hs_buying_role',
      'Buying role',
      'BLOCKER BUDGET_HOLDER CHAMPION DECISION_MAKER END_USER EXECUTIVE_SPONSOR INFLUENCER LEGAL_AND_COMPLIANCE OTHER',
      'checkbox',
    ),
    choice(
      'hs_role',
      'Employment role',
      'accounting administrative business_development consulting customer_success design education engineering entrepreneurship finance health_professional human_resources information_technology legal marketing media operations product project_management real_estate research sales support',
    ),
    choice('hs_seniority', 'Employment seniority', 'director employee entry executive manager owner partner senior vp'),
    readOnly(flag('hs_email_optout', 'Unsubscribed from all email')),
    readOnly(
      choice(
        'hs_email_hard_bounce_reason_enum',
        'Email hard bounce reason',
        'BLOCKED CONTENT DNS_FAILURE FILTERED IP_REPUTATION MAILBOX_FULL OTHER POLICY SPAM TIMEOUT UNKNOWN_USER',
      ),
    ),
    readOnly(number('hs_email_bounce', 'Marketing emails bounced')),
    readOnly(datetime('hs_email_last_open_date', 'Last marketing email open date')),
    readOnly(datetime('hs_email_last_reply_date', 'Last marketing email reply date')),
    readOnly(number('associatedcompanyid', 'Primary associated company ID')),
    readOnly(number('num_associated_deals', 'Number of associated deals')),
    readOnly(datetime('createdate', 'Create date')),
    readOnly(datetime('lastmodifieddate', 'Last modified date')),
    ...activityTimes,
  ],
  deals: [
    text('dealname', 'Deal name'),
    { ...number('amount', 'Amount'), numberDisplayHint: 'currency' },
    readOnly(number('amount_in_home_currency', 'Amount in company currency')),
    choice('deal_currency_code', 'Currency', 'USD'),
    choice('dealstage', 'Deal stage', 'appointmentscheduled', 'radio'),
    choice('pipeline', 'Pipeline', 'default'),
    datetime('closedate', 'Close date'),
    choice('dealtype', 'Deal type', 'newbusiness existingbusiness', 'radio'),
    choice('hs_priority', 'Priority', 'low medium high'),
    longText('description', 'Deal description'),
    longText('closed_lost_reason', 'Closed lost reason'),
    longText('closed_won_reason', 'Closed won reason'),
    text('hs_next_step', 'Next step'),
    choice('hs_manual_forecast_category', 'Forecast category', 'OMIT PIPELINE BEST_CASE MOST_LIKELY COMMIT CLOSED'),
    number('hs_forecast_amount', 'Forecast amount'),
    readOnly(number('hs_deal_stage_probability', 'Deal probability')),
    readOnly(flag('hs_is_closed', 'Is deal closed?')),
    readOnly(flag('hs_is_closed_won', 'Is closed won')),
    readOnly(number('hs_arr', 'Annual recurring revenue')),
    readOnly(number('hs_mrr', 'Monthly recurring revenue')),
    readOnly(number('hs_acv', 'Annual contract value')),
    readOnly(number('hs_tcv', 'Total contract value')),
    readOnly(number('hs_primary_associated_company', 'Primary associated company')),
    readOnly(number('num_associated_contacts', 'Number of associated contacts')),
    readOnly(datetime('createdate', 'Create date')),
    ...activityTimes,
  ],
  tickets: [
    text('subject', 'Ticket name'),
    longText('content', 'Ticket description'),
    choice('hs_pipeline', 'Pipeline', '0'),
    choice('hs_pipeline_stage', 'Ticket status', '1'),
    choice('hs_ticket_priority', 'Priority', 'LOW MEDIUM HIGH URGENT'),
    choice('hs_ticket_category', 'Category', 'PRODUCT_ISSUE BILLING_ISSUE FEATURE_REQUEST GENERAL_INQUIRY', 'checkbox'),
    choice('source_type', 'Source', 'CHAT EMAIL FORM PHONE'),
    longText('hs_resolution', 'Resolution'),
    readOnly(datetime('closed_date', 'Close date')),
    readOnly(datetime('first_agent_reply_date', 'First agent response date')),
    readOnly(datetime('last_reply_date', 'Last customer reply date')),
    readOnly(number('time_to_close', 'Time to close')),
    readOnly(number('time_to_first_agent_reply', 'Time to first agent email reply')),
    readOnly(number('hs_num_times_contacted', 'Number of times contacted')),
    readOnly(datetime('createdate', 'Create date')),
    ...activityTimes,
  ],
  tasks: [
    ...activityBasics,
    text('hs_task_subject', 'Task title'),
    property('hs_task_body', 'Task notes', 'string', 'html'),
    choice('hs_task_status', 'Task status', 'NOT_STARTED IN_PROGRESS WAITING COMPLETED DEFERRED'),
    choice('hs_task_priority', 'Priority', 'NONE LOW MEDIUM HIGH'),
    choice('hs_task_type', 'Task type', 'TODO CALL EMAIL LINKED_IN_CONNECT LINKED_IN_MESSAGE'),
    text('hs_task_reminders', 'Reminder'),
    readOnly(datetime('hs_task_completion_date', 'Completed at')),
    readOnly(flag('hs_task_is_completed', 'Is task completed')),
    number('hs_queue_membership_ids', 'Task queue'),
  ],
  calls: [
    ...activityBasics,
    text('hs_call_title', 'Call title'),
    property('hs_call_body', 'Call notes', 'string', 'html'),
    choice('hs_call_direction', 'Call direction', 'INBOUND OUTBOUND'),
    text('hs_call_disposition', 'Call outcome'),
    number('hs_call_duration', 'Call duration'),
    choice(
      'hs_call_status',
      'Call status',
      'BUSY CALLING_CRM_USER CANCELED COMPLETED CONNECTING FAILED IN_PROGRESS MISSED NO_ANSWER QUEUED RINGING',
    ),
    text('hs_call_from_number', 'From number'),
    text('hs_call_to_number', 'To number'),
  ],
  emails: [
    ...activityBasics,
    text('hs_email_subject', 'Email subject'),
    longText('hs_email_text', 'Email body'),
    property('hs_email_html', 'Email body (HTML)', 'string', 'html'),
    choice('hs_email_direction', 'Email direction', 'EMAIL INCOMING_EMAIL FORWARDED_EMAIL DRAFT_EMAIL'),
    choice('hs_email_status', 'Email send status', 'BOUNCED FAILED SCHEDULED SENDING SENT'),
    longText('hs_email_headers', 'Email headers'),
    readOnly(text('hs_email_from_email', 'Email from address')),
    readOnly(text('hs_email_to_email', 'Email to address')),
    readOnly(number('hs_email_reply_count', 'Number of email replies')),
  ],
  meetings: [
    ...activityBasics,
    text('hs_meeting_title', 'Meeting name'),
    property('hs_meeting_body', 'Meeting notes', 'string', 'html'),
    property('hs_internal_meeting_notes', 'Internal meeting notes', 'string', 'html'),
    choice('hs_meeting_outcome', 'Meeting outcome', 'SCHEDULED COMPLETED RESCHEDULED NO_SHOW CANCELED'),
    datetime('hs_meeting_start_time', 'Start time'),
    datetime('hs_meeting_end_time', 'End time'),
    text('hs_meeting_location', 'Meeting location'),
    text('hs_meeting_external_url', 'External URL'),
  ],
  notes: [...activityBasics, property('hs_note_body', 'Note body', 'string', 'html')],
};

/** The definitions that every portal has for `object`, with nothing of its own in them. */
export function standardPropertiesOf(object: string, groupName: string): PropertyDefinition[] {
  return [...everyObject, ...(standardProperties[object] ?? [])].map((standard) => ({
    description: '',
    groupName,
    displayOrder: -1,
    hasUniqueValue: false,
    hidden: false,
    formField: false,
    numberDisplayHint: null,
    readOnlyValue: false,
    referencedObjectType: null,
    hubspotDefined: true,
    createdAt: 0,
    updatedAt: 0,
    archivedAt: null,
    ...standard,
  }));
}
