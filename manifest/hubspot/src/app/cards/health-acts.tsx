import {
  Alert,
  Button,
  ButtonRow,
  DateInput,
  Flex,
  Form,
  LoadingButton,
  Select,
  TextArea,
} from '@hubspot/ui-extensions';
import { useState } from 'react';
import type { Act, CardProblem } from './card-api.ts';
import type { CardView } from './card-view.ts';
import { longestNote } from './limits.ts';
import { words } from './written-words.ts';

interface Asked {
  /** Null when it was done; else why not. */
  readonly perform: (wish: Act) => Promise<CardProblem | null>;
}

/** What a person can do about an account: say how it feels, or set its band by hand. One form at a time. */
export function HealthActs({
  view,
  today,
  perform,
}: Asked & {
  readonly view: CardView;
  /** The account's calendar day, `YYYY-MM-DD`. */
  readonly today: string;
}) {
  const [open, setOpen] = useState<'pulse' | 'override' | null>(null);
  const close = () => setOpen(null);
  if (open === 'pulse') return <PulseForm pulse={view.pulse} perform={perform} close={close} />;
  if (open === 'override') {
    return <OverrideForm offered={view.overrideForm} today={today} perform={perform} close={close} />;
  }
  return (
    <ButtonRow>
      <Button variant="secondary" onClick={() => setOpen('pulse')}>
        {view.pulse === null ? 'Set your pulse' : `Your pulse: ${view.pulse}`}
      </Button>
      {view.override === null && (
        <Button variant="secondary" onClick={() => setOpen('override')}>
          Set the band by hand
        </Button>
      )}
      {(view.override !== null || view.overrideProblem !== null) && <EndOverride perform={perform} />}
    </ButtonRow>
  );
}

function PulseForm({ pulse, perform, close }: Asked & { readonly pulse: number | null; readonly close: () => void }) {
  const [value, setValue] = useState(pulse === null ? '' : String(pulse));
  const [note, setNote] = useState('');
  return (
    <ActForm
      perform={perform}
      close={close}
      submit="Save pulse"
      wish={() =>
        value === ''
          ? 'Choose how the account feels to you.'
          : { kind: 'pulse', body: { pulse: Number(value), ...(note.trim() === '' ? {} : { note: note.trim() }) } }
      }
    >
      <Select
        label="How does this account feel to you?"
        name="pulse"
        required={true}
        options={toOptions(words.pulse)}
        value={value}
        onChange={(chosen) => setValue(String(chosen))}
      />
      <TextArea label="Note" name="note" maxLength={longestNote} value={note} onChange={setNote} />
    </ActForm>
  );
}

function OverrideForm({
  offered: { reasons, usualDays, longestDays },
  today,
  perform,
  close,
}: Asked & { readonly offered: CardView['overrideForm']; readonly today: string; readonly close: () => void }) {
  const [band, setBand] = useState('');
  const [reason, setReason] = useState('');
  const [note, setNote] = useState('');
  const [until, setUntil] = useState(dayAfter(today, usualDays));
  const last = dayAfter(today, longestDays);
  return (
    <ActForm
      perform={perform}
      close={close}
      submit="Set band"
      wish={() => {
        if (band === '') return 'Choose the band.';
        if (reason === '') return 'Choose a reason.';
        if (note.trim() === '') return 'Write in a note what others should know.';
        if (until <= today || until > last) return `Choose a day from tomorrow to ${longestDays} days ahead.`;
        return { kind: 'override', body: { band, reason, note: note.trim(), until } };
      }}
    >
      <Select
        label="Band"
        name="band"
        required={true}
        options={toOptions(words.overrideBand)}
        value={band}
        onChange={(chosen) => setBand(String(chosen))}
      />
      <Select
        label="Reason"
        name="reason"
        required={true}
        options={reasons.map(({ code, title }) => ({ label: title, value: code }))}
        value={reason}
        onChange={(chosen) => setReason(String(chosen))}
      />
      <TextArea
        label="Note"
        name="note"
        description="Shown with the band, so that others understand it."
        required={true}
        maxLength={longestNote}
        value={note}
        onChange={setNote}
      />
      <DateInput
        label="Until"
        name="until"
        required={true}
        value={toDate(until)}
        min={toDate(dayAfter(today, 1))}
        max={toDate(last)}
        onChange={({ year, month, date }) => setUntil(toDay(year, month, date))}
      />
    </ActForm>
  );
}

function EndOverride({ perform }: Asked) {
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<CardProblem | null>(null);
  const end = async (): Promise<void> => {
    setBusy(true);
    setProblem(await perform({ kind: 'override/end', body: {} }));
    setBusy(false);
  };
  return (
    <Flex direction="column" gap="xs">
      {problem !== null && <Refused title={problem.message} remedy={problem.remedy} />}
      <LoadingButton variant="destructive" loading={isBusy} onClick={() => void end()}>
        Take back the band set by hand
      </LoadingButton>
    </Flex>
  );
}

/** A form with its one primary button; stays open with its values until the wish was done. */
function ActForm({
  children,
  submit,
  wish,
  perform,
  close,
}: Asked & {
  readonly children: React.ReactNode;
  readonly submit: string;
  /** What is asked for, or what is missing yet. */
  readonly wish: () => Act | string;
  readonly close: () => void;
}) {
  const [isBusy, setBusy] = useState(false);
  const [refused, setRefused] = useState<{ readonly title: string; readonly remedy: string } | null>(null);

  const send = async (): Promise<void> => {
    const asked = wish();
    if (typeof asked === 'string') return setRefused({ title: asked, remedy: '' });
    setBusy(true);
    const problem = await perform(asked);
    setBusy(false);
    if (problem === null) return close();
    setRefused({ title: problem.message, remedy: problem.remedy });
  };

  return (
    <Form preventDefault={true} onSubmit={() => void send()}>
      <Flex direction="column" gap="sm">
        {refused !== null && <Refused {...refused} />}
        {children}
        <ButtonRow>
          <LoadingButton type="submit" variant="primary" loading={isBusy}>
            {submit}
          </LoadingButton>
          <Button variant="secondary" disabled={isBusy} onClick={close}>
            Cancel
          </Button>
        </ButtonRow>
      </Flex>
    </Form>
  );
}

function Refused({ title, remedy }: { readonly title: string; readonly remedy: string }) {
  return (
    <Alert title={title} variant="danger">
      {remedy}
    </Alert>
  );
}

function toOptions(labels: Readonly<Record<string, string>>): { label: string; value: string }[] {
  return Object.entries(labels).map(([value, label]) => ({ label, value }));
}

const dayMs = 86_400_000;

function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);
}

/** HubSpot counts months from 0. */
function toDate(day: string): { year: number; month: number; date: number } {
  const at = new Date(`${day}T00:00:00Z`);
  return { year: at.getUTCFullYear(), month: at.getUTCMonth(), date: at.getUTCDate() };
}

function toDay(year: number, month: number, date: number): string {
  return new Date(Date.UTC(year, month, date)).toISOString().slice(0, 10);
}
