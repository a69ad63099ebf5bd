import { Option, type Command } from 'commander';
import { command, wholeNumber } from '../session.ts';
import type { DemoOptions } from './demo-story.ts';

export function demoCommand(): Command {
  return command(
    'demo',
    'run everything against a simulated HubSpot and a simulated Salesforce, side by side: install, take in usage, pull, score, plan, write back',
  )
    .option('--once', 'end after the summary instead of going on as a service', false)
    .addOption(
      new Option('--crm <which>', 'which CRM is simulated (default: both)').choices(['hubspot', 'salesforce', 'both']),
    )
    .option(
      '--dataset <folder>',
      'customers from a folder instead of generated ones: the published ones of fight-churn-crm (in HubSpot, unless --crm says otherwise), or sObject trees as written by "sf data export tree" (in Salesforce)',
    )
    .option('--accounts <number>', 'how many companies are generated', wholeNumber(20), 300)
    .option('--seed <number>', 'another seed makes other companies', wholeNumber(0), 7)
    .action(async (options: DemoOptions) => {
      // Loaded only here: the sandboxes would take every other command a third longer to start.
      const { runDemo } = await import('./demo-story.ts');
      await runDemo(options);
    });
}
