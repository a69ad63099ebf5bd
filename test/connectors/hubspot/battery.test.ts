import { simulatedHubSpot } from '../../support/simulated-hubspot.ts';
import { describeConnector } from '../connector-battery.ts';

describeConnector(simulatedHubSpot);
