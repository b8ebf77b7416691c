import { MessageCircle, User, Users } from "lucide-react";
import type { Mentor } from "#contract/mentors.ts";
import type { Service, SessionType } from "#contract/services.ts";
import { moneyOf } from "#rules/money.ts";
import type { Minutes } from "#scheduling/units.ts";
import { changePolicy } from "#words/bookings.ts";
import { serviceStep } from "#words/bookService.ts";
import { controls } from "#words/controls.ts";
import { sessionLength } from "#words/durations.ts";
import { capacity, sessionTypes } from "#words/services.ts";
import { formatMoney } from "@/lib/money.ts";
import { firstName } from "@/lib/names.ts";
import { Alert } from "@/ui/Alert.tsx";
import { Badge } from "@/ui/Badge.tsx";
import { Button } from "@/ui/Button.tsx";
import { DialogBody } from "@/ui/Dialog.tsx";
import { StepHeading } from "@/ui/StepHeading.tsx";
import { ApprovalBadge } from "./ApprovalBadge.tsx";
import type { Choice } from "./bookingStep.ts";
import { StepFooter } from "./StepFooter.tsx";

const icons = {
  oneOnOneSession: User,
  groupSession: Users,
  chatAdvice: MessageCircle,
} as const satisfies Record<SessionType, typeof User>;

type ServiceSelectionProps = {
  mentor: Mentor;
  services: Service[];
  /** The service chosen before is no longer offered. */
  isGone: boolean;
  selected: Choice | null;
  onSelect: (serviceId: string, minutes: Minutes) => void;
  onContinue: () => void;
};

/** Step 1: one radio per service and length, with its price. */
export function ServiceSelection({
  isGone,
  mentor,
  services,
  selected,
  onSelect,
  onContinue,
}: ServiceSelectionProps) {
  return (
    <>
      <DialogBody>
        <StepHeading>{serviceStep.title}</StepHeading>
        {isGone && (
          <Alert tone="warning" className="mb-5" title={serviceStep.gone(firstName(mentor.full_name))}>
            <p>{services.length > 0 ? serviceStep.chooseAnother : serviceStep.noOther}</p>
          </Alert>
        )}
        <div className="space-y-3">
          {services.map((service) => (
            <ServiceCard
              key={service.id}
              mentor={mentor}
              service={service}
              selected={selected}
              onSelect={onSelect}
            />
          ))}
        </div>
      </DialogBody>
      <StepFooter
        choice={selected}
        total={null}
        action={
          <Button onClick={onContinue} disabled={!selected} className="flex-1">
            {controls.continue}
          </Button>
        }
      >
        {!selected && <p className="text-sm text-ink-soft">{serviceStep.missing}</p>}
      </StepFooter>
    </>
  );
}

type ServiceCardProps = Pick<ServiceSelectionProps, "mentor" | "selected" | "onSelect"> & {
  service: Service;
};

function ServiceCard({ mentor, service, selected, onSelect }: ServiceCardProps) {
  const Icon = icons[service.session_type];
  return (
    <fieldset className="rounded-card border border-line bg-surface p-4 shadow-card transition-colors has-checked:border-primary">
      <legend className="float-left mb-1 w-full">
        <span className="text-lg leading-snug font-bold">{service.title}</span>
      </legend>
      <div className="clear-both flex flex-wrap gap-1.5">
        <Badge>
          <Icon aria-hidden />
          {sessionTypes[service.session_type]}
        </Badge>
        <ApprovalBadge mentor={mentor} service={service} />
        {service.capacity > 1 && <Badge>{capacity(service.capacity)}</Badge>}
        {service.recording_price !== null && <Badge>{serviceStep.recording}</Badge>}
      </div>
      {service.description && <p className="mt-2 text-ink-soft">{service.description}</p>}
      <p className="mt-2 text-sm text-ink-soft">{changePolicy(service)}</p>
      <div className="mt-3 flex flex-wrap gap-2">
        {service.durations.map(({ minutes, price }) => (
          <label
            key={minutes}
            className="tap flex items-center gap-2.5 rounded-control border border-line-strong bg-paper px-3.5 py-2 transition-colors hover:border-primary has-checked:border-primary has-checked:bg-primary-soft"
          >
            <input
              type="radio"
              name="choice"
              checked={selected?.service.id === service.id && selected.minutes === minutes}
              onChange={() => onSelect(service.id, minutes)}
              className="radio"
            />
            <span>
              {sessionLength(minutes)} ·{" "}
              <strong className="font-bold">{formatMoney(moneyOf(price, service.currency))}</strong>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
