import { LightningElement, api, wire } from 'lwc';
import { getFieldDisplayValue, getFieldValue, getRecord } from 'lightning/uiRecordApi';
import { ON_ACCOUNT, ON_OPPORTUNITY } from './fields';

const BAND_THEMES = { green: 'slds-theme_success', yellow: 'slds-theme_warning', red: 'slds-theme_error' };
/** What does not change is written once a week all the same. */
const STALE_AFTER_MS = 8 * 24 * 60 * 60 * 1000;

/**
 * How the customer is doing, why, what changed and what comes next: from the record's own fields, so that it shows what
 * was written last even when Holdfast itself cannot be reached. Fields that the user may not see are left out.
 */
export default class HoldfastHealth extends LightningElement {
  @api recordId;
  @api objectApiName;

  record;
  error;

  get fields() {
    return this.objectApiName === 'Opportunity' ? ON_OPPORTUNITY : ON_ACCOUNT;
  }

  get optionalFields() {
    return Object.values(this.fields);
  }

  @wire(getRecord, { recordId: '$recordId', optionalFields: '$optionalFields' })
  receive({ data, error }) {
    this.record = data;
    this.error = error;
  }

  get isLoading() {
    return !this.record && !this.error;
  }

  get problem() {
    if (this.error) return 'This record cannot be read. Reload the page, or ask your administrator for access to it.';
    if (this.record && Object.keys(this.record.fields).length === 0) {
      return 'You may not see the fields of Holdfast. Ask your administrator for the permission set "Holdfast Viewer".';
    }
    return null;
  }

  get isUnscored() {
    return this.record && !this.problem && !this.value('scoredAt');
  }

  get isShown() {
    return this.record && !this.problem && !this.isUnscored;
  }

  get score() {
    const score = this.value('score');
    return score === null ? '–' : String(score);
  }

  get band() {
    return this.text('band') ?? 'Not scored yet';
  }

  get bandClass() {
    return `slds-badge ${BAND_THEMES[this.value('band')] ?? ''}`.trim();
  }

  get trend() {
    return this.text('trend');
  }

  get change() {
    const change = this.value('delta');
    if (change === null) return null;
    if (change === 0) return 'Unchanged over 28 days';
    return `${change > 0 ? 'Up' : 'Down'} ${Math.abs(change)} over 28 days`;
  }

  get reason() {
    return this.value('reason');
  }

  /** Null where the status is not written. What is lacking is told in Holdfast, where it can be looked at. */
  get validation() {
    const status = this.value('modelStatus');
    if (status === null) return null;
    return status === 'validated'
      ? 'Validated on your own renewals.'
      : 'Unvalidated: your own renewals have not confirmed these scores yet.';
  }

  /** A band that a person set, and whether it counts: the written band is that one then. */
  get override() {
    const band = this.text('overrideBand');
    if (!band) return null;
    const until = this.value('overrideUntil');
    const set = until ? `A person set the band to ${band} until ${until}.` : `A person set the band to ${band}.`;
    const shown = this.value('band');
    if (shown === null || shown === this.value('overrideBand')) {
      const reason = this.value('overrideReason');
      return reason ? `${set} ${reason}` : set;
    }
    return `${set} It does not count: it waits for the next score, has run out, or lacks a reason and a note like "Price: they want a tenth off".`;
  }

  /** In the order in which a customer success manager asks: what comes next, how sure, what else. */
  get facts() {
    return [
      this.fact('nextAction', 'Next action', this.nextAction),
      this.fact('openPlay', 'Open play'),
      this.fact('decidesOn', 'Decides by'),
      this.fact('renewsOn', 'Contract ends'),
      this.fact('renewalStatus', 'Renewal'),
      this.fact('probability', 'Likely to renew'),
      this.fact('category', 'Suggested forecast'),
      this.fact('churnRisk', 'Churn risk'),
      this.fact('champion', 'Champion'),
      this.fact('expansionBand', 'Ready to grow', this.expansion),
      this.fact('confidence', 'Confidence'),
    ].filter(({ text }) => text);
  }

  get nextAction() {
    const due = this.text('nextActionDue');
    const action = this.text('nextAction');
    return action && due ? `${action} (due ${due})` : action;
  }

  get expansion() {
    const reason = this.text('expansionReason');
    const band = this.text('expansionBand');
    return band && reason ? `${band}: ${reason}` : band;
  }

  get scoredAt() {
    return this.value('scoredAt');
  }

  get oldestInputAt() {
    return this.value('oldestInputAt');
  }

  get isStale() {
    return Date.now() - Date.parse(this.scoredAt) > STALE_AFTER_MS;
  }

  get url() {
    return this.value('url');
  }

  /** Null for a field that is empty, missing in this org, or closed to this user. */
  value(name) {
    const field = this.fields[name];
    return (field && this.record && getFieldValue(this.record, field)) ?? null;
  }

  /** As Salesforce words it for this user: a picklist's label, a date in their locale. */
  text(name) {
    const field = this.fields[name];
    if (!field || !this.record) return null;
    return getFieldDisplayValue(this.record, field) ?? this.value(name);
  }

  fact(key, label, text = this.text(key)) {
    return { key, label, text };
  }
}
