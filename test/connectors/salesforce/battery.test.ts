import { simulatedSalesforce } from '../../support/simulated-salesforce.ts';
import { describeConnector } from '../connector-battery.ts';

describeConnector(simulatedSalesforce);
