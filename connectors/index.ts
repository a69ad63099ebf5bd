import type { Connector } from './contract/connector.ts';
import { hubspot } from './hubspot/index.ts';
import { salesforce } from './salesforce/index.ts';

/** Every CRM that Holdfast speaks to. A new one is a folder and a line here. */
export const connectors: readonly Connector[] = [hubspot, salesforce];
