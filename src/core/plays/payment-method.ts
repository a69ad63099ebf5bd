import { daysBetween } from '../model/calendar-date.ts';
import { dayText } from '../measures/wording.ts';
import { fires, inert, over } from './finding.ts';
import type { PlaySettings, SignalPlay } from './play.ts';

export interface PaymentMethodSettings extends PlaySettings {
  readonly fromDays: number;
}

/** Source: play 22 of the product's catalogue. */
export const defaultPaymentMethod: PaymentMethodSettings = {
  fromDays: 30,
  readings: 1,
  overDays: 0,
  endsWhenDone: true,
  priority: 'medium',
  escalateAfterDays: null,
  tasks: [
    {
      id: 'notice',
      role: 'finance',
      dueDays: 5,
      title: 'Ask for a new payment method',
      whatToDo: '{because} Send the link to update it before a payment fails.',
      doneWhen: 'the new payment method is on file.',
    },
  ],
};

/** The card or mandate on file ends soon. Inert where the CRM does not tell when. */
export function paymentMethod(settings: PaymentMethodSettings): SignalPlay {
  return {
    id: '22',
    title: 'Payment method ends',
    kind: 'risk',
    settings,
    breadth: 'specific',
    isAboutRenewal: false,
    isForLeavers: false,
    isAboutState: true,
    look({ snapshot: { account, today } }) {
      const endsOn = account.paymentMethodEndsOn ?? null;
      if (endsOn === null) return inert('When the payment method ends is not known.');
      if (daysBetween(today, endsOn) > settings.fromDays) return over('The payment method is valid for long enough.');
      const verb = endsOn < today ? 'ended' : 'ends';
      return fires(`The payment method ${verb} on ${dayText(endsOn, today)}.`, 'payment', {
        about: `payment/${endsOn}`,
      });
    },
  };
}
