import { createElement } from 'lwc';
import HoldfastHealth from 'c/holdfastHealth';
import { getRecord } from 'lightning/uiRecordApi';

const DAY_MS = 24 * 60 * 60 * 1000;

/** A field as Salesforce sends it: the value, and how it words it for the user. */
function field(value, displayValue = null) {
  return { value, displayValue };
}

function accountFields(changes = {}) {
  return {
    Holdfast_Health_Score__c: field(49),
    Holdfast_Health_Band__c: field('red', 'Red'),
    Holdfast_Health_Trend__c: field('declining', 'Declining'),
    Holdfast_Health_Delta_28d__c: field(-12.5),
    Holdfast_Health_Reason__c: field('The champion, Ingrid Sato, left and no other has been met since.'),
    Holdfast_Decision_Date__c: field('2027-02-04', '4 Feb 2027'),
    Holdfast_Churn_Risk__c: field('high', 'High'),
    Holdfast_Last_Scored_At__c: field(new Date(Date.now() - DAY_MS / 2).toISOString()),
    Holdfast_Data_As_Of__c: field(new Date(Date.now() - DAY_MS).toISOString()),
    Holdfast_Record_URL__c: field('https://app.holdfast.example/accounts/1/2'),
    ...changes,
  };
}

async function open(objectApiName, fields) {
  const element = createElement('c-holdfast-health', { is: HoldfastHealth });
  element.recordId = '001000000000001AAA';
  element.objectApiName = objectApiName;
  document.body.appendChild(element);
  if (fields) getRecord.emit({ apiName: objectApiName, fields });
  await Promise.resolve();
  return element.shadowRoot;
}

function textOf(root, selector) {
  return root.querySelector(selector)?.textContent.replace(/\s+/g, ' ').trim() ?? null;
}

describe('customer health on a record page', () => {
  afterEach(() => {
    while (document.body.firstChild) document.body.removeChild(document.body.firstChild);
  });

  it('shows the score, the band in words, why, what changed and until when to decide', async () => {
    const root = await open('Account', accountFields());
    expect(textOf(root, '.score')).toBe('49');
    expect(textOf(root, '.slds-badge')).toBe('Red');
    expect(root.querySelector('.slds-badge').className).toContain('slds-theme_error');
    expect(textOf(root, '.trend')).toBe('Declining');
    expect(textOf(root, '.change')).toBe('Down 12.5 over 28 days');
    expect(textOf(root, '.reason')).toBe('The champion, Ingrid Sato, left and no other has been met since.');
    expect(textOf(root, '[data-fact="decidesOn"]')).toBe('4 Feb 2027');
    expect(textOf(root, '[data-fact="churnRisk"]')).toBe('High');
    expect(root.querySelector('a').href).toBe('https://app.holdfast.example/accounts/1/2');
  });

  it('shows the health of the account on the page of its renewal, with the next action', async () => {
    const root = await open('Opportunity', {
      Account: { displayValue: null, value: { apiName: 'Account', fields: accountFields() } },
      Holdfast_Next_Action__c: field('Send the order form'),
      Holdfast_Next_Action_Due__c: field('2026-12-18', '18 Dec 2026'),
      Holdfast_Renewal_Probability__c: field(72, '72.0%'),
    });
    expect(textOf(root, '.score')).toBe('49');
    expect(textOf(root, '[data-fact="nextAction"]')).toBe('Send the order form (due 18 Dec 2026)');
    expect(textOf(root, '[data-fact="probability"]')).toBe('72.0%');
  });

  it('says whether the scores have stood the customer’s own renewals', async () => {
    const shown = async (status) =>
      textOf(await open('Account', accountFields({ Holdfast_Churn_Model_Status__c: field(status) })), '.validation');
    expect(await shown('calibrating')).toBe('Unvalidated: your own renewals have not confirmed these scores yet.');
    document.body.replaceChildren();
    expect(await shown('validated')).toBe('Validated on your own renewals.');
    document.body.replaceChildren();
    expect(textOf(await open('Account', accountFields()), '.validation')).toBeNull();
  });

  it('leaves out what is empty or closed to the user', async () => {
    const fields = accountFields({ Holdfast_Health_Delta_28d__c: field(null) });
    delete fields.Holdfast_Churn_Risk__c;
    const root = await open('Account', fields);
    expect(root.querySelector('.change')).toBeNull();
    expect(root.querySelector('[data-fact="churnRisk"]')).toBeNull();
    expect(root.querySelector('[data-label="champion"]')).toBeNull();
    expect(textOf(root, '.score')).toBe('49');
  });

  it('shows a dash and a grey badge where too little is known', async () => {
    const root = await open(
      'Account',
      accountFields({
        Holdfast_Health_Score__c: field(null),
        Holdfast_Health_Band__c: field('grey', 'Grey (too little is known)'),
      }),
    );
    expect(textOf(root, '.score')).toBe('–');
    expect(root.querySelector('.slds-badge').className).toBe('slds-badge');
  });

  it('tells of a band that a person has set', async () => {
    const root = await open(
      'Account',
      accountFields({
        Holdfast_Override_Band__c: field('red', 'Red'),
        Holdfast_Override_Until__c: field('2026-12-24'),
        Holdfast_Override_Reason__c: field('Price: they want a tenth off'),
      }),
    );
    expect(textOf(root, '.override')).toBe(
      'A person set the band to Red until 2026-12-24. Price: they want a tenth off',
    );
  });

  it('says of a band that a person has set and that is not the one in force that it does not count', async () => {
    const root = await open('Account', accountFields({ Holdfast_Override_Band__c: field('yellow', 'Yellow') }));
    expect(textOf(root, '.override')).toMatch(
      /^A person set the band to Yellow\. It does not count: .*"Price: they want/,
    );
  });

  it('says so when the values are older than the week after which all of them are written again', async () => {
    const scored = (days) =>
      accountFields({ Holdfast_Last_Scored_At__c: field(new Date(Date.now() - days * DAY_MS).toISOString()) });
    expect((await open('Account', scored(7))).querySelector('.stale')).toBeNull();
    expect(textOf(await open('Account', scored(9)), '.stale')).toContain('older than a week');
  });

  it('shows that it loads, and nothing else, until there is an answer', async () => {
    const root = await open('Account', null);
    expect(root.querySelector('lightning-spinner')).not.toBeNull();
    expect(root.querySelector('.score')).toBeNull();
  });

  it('says why an account has no score', async () => {
    const root = await open('Account', accountFields({ Holdfast_Last_Scored_At__c: field(null) }));
    expect(textOf(root, '.unscored')).toContain('Not scored yet');
    expect(root.querySelector('.score')).toBeNull();
  });

  it('names the permission set to a user who may see none of the fields', async () => {
    const root = await open('Account', {});
    expect(textOf(root, '.problem')).toContain('Holdfast Viewer');
  });

  it('says what to do when the record cannot be read', async () => {
    const element = createElement('c-holdfast-health', { is: HoldfastHealth });
    element.objectApiName = 'Account';
    document.body.appendChild(element);
    getRecord.error();
    await Promise.resolve();
    expect(textOf(element.shadowRoot, '.problem')).toContain('cannot be read');
  });
});
