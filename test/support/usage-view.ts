import { defaultConfiguration } from '../../src/core/configuration.ts';
import { calendarDate } from '../../src/core/model/calendar-date.ts';
import type { UsageView } from '../../src/core/usage/account-usage.ts';
import { usageViewOf } from '../../src/core/usage/look-back.ts';

/** What the defaults look at of the usage up to a day, on that day. */
export function usageViewOn(day: string): UsageView {
  const today = calendarDate(day);
  return usageViewOf({ today, endOn: today }, defaultConfiguration);
}
