/** When the CRM's records are written although nothing asks for it, and for how long they are. */
export interface WritingConfiguration {
  /** A record is touched at least so often, so that whoever looks at it can tell that its score is still alive. */
  readonly heartbeatDays: number;
  /** How a play ended is written on its tasks for so many days; older tasks are left as they are. */
  readonly outcomeDays: number;
}

/** Heartbeat: the write-back of the product's model; from how large a change on a field is written, its mapping says. */
export const defaultWritingConfiguration: WritingConfiguration = { heartbeatDays: 7, outcomeDays: 30 };
