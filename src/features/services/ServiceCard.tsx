import { useMutation } from "@tanstack/react-query";
import { Pencil, Trash2 } from "lucide-react";
import { useId } from "react";
import type { Service } from "#contract/services.ts";
import { moneyOf } from "#rules/money.ts";
import { sessionLength } from "#words/durations.ts";
import { ownServices, serviceLengths } from "#words/serviceEditor.ts";
import { capacity, recordingFor, sessionTypes } from "#words/services.ts";
import { useMentorChanges } from "@/features/mentors/useMentorChanges.ts";
import { formatMoney, formatPrice } from "@/lib/money.ts";
import { paths } from "@/lib/paths.ts";
import { Link } from "@/lib/router/router.tsx";
import { toast } from "@/lib/toast.ts";
import { Badge } from "@/ui/Badge.tsx";
import { Button, buttonVariants } from "@/ui/Button.tsx";
import { Card } from "@/ui/Card.tsx";
import { Switch } from "@/ui/Switch.tsx";
import { toastProblem } from "@/ui/useAction.ts";
import { withElements } from "@/ui/withElements.tsx";
import { changeService } from "./api.ts";

type ServiceCardProps = {
  service: Service;
  /** Whether bookings are confirmed automatically by default. */
  profileConfirms: boolean;
  onDelete: () => void;
};

export function ServiceCard({ service, profileConfirms, onDelete }: ServiceCardProps) {
  const titleId = useId();
  const changes = useMentorChanges();
  const offer = useMutation({
    mutationFn: (enabled: boolean) => changeService(service.id, { enabled }),
    onSuccess: async ({ title, enabled }) => {
      await changes.servicesChanged(service.expert_id);
      toast.success(enabled ? ownServices.nowShown(title) : ownServices.nowHidden(title));
    },
    onError: (problem) => toastProblem(problem),
  });
  const isOffered = offer.isPending ? offer.variables : service.enabled;
  const isAutomatic = service.instant_confirm ?? profileConfirms;
  const spokenTitle = { title: <span className="sr-only">{service.title}</span> };
  return (
    <Card className="flex flex-col p-4 sm:p-5">
      <article aria-labelledby={titleId} className="flex flex-1 flex-col gap-3">
        <div>
          <h2 id={titleId} className="text-heading">
            {service.title}
          </h2>
          <div className="mt-1.5 flex flex-wrap gap-1.5">
            <Badge>{sessionTypes[service.session_type]}</Badge>
            {service.capacity > 1 && <Badge>{capacity(service.capacity)}</Badge>}
            <Badge>{isAutomatic ? ownServices.automatic : ownServices.manual}</Badge>
          </div>
        </div>
        {service.description && <p className="line-clamp-3 text-ink-soft">{service.description}</p>}
        <ul aria-label={serviceLengths.title} className="flex flex-wrap gap-x-5 gap-y-1">
          {service.durations.map(({ minutes, price }) => (
            <li key={minutes}>
              {sessionLength(minutes)}{" "}
              <strong className="font-bold">{formatMoney(moneyOf(price, service.currency))}</strong>
            </li>
          ))}
          {service.recording_price !== null && (
            <li className="text-ink-soft">
              {recordingFor(formatPrice(moneyOf(service.recording_price, service.currency)))}
            </li>
          )}
        </ul>
        <div className="mt-auto space-y-3 border-t border-line pt-3">
          <Switch
            label={withElements(ownServices.bookable, spokenTitle)}
            detail={isOffered ? ownServices.shown : ownServices.hidden}
            checked={isOffered}
            onChange={(event) => !offer.isPending && offer.mutate(event.target.checked)}
          />
          <div className="flex flex-wrap gap-2">
            <Link
              to={paths.service(service.id)}
              className={buttonVariants({ variant: "secondary", size: "sm" })}
            >
              <Pencil aria-hidden className="size-4" />
              {withElements(ownServices.edit, spokenTitle)}
            </Link>
            <Button variant="ghost" size="sm" onClick={onDelete}>
              <Trash2 aria-hidden className="size-4" />
              {withElements(ownServices.delete, spokenTitle)}
            </Button>
          </div>
        </div>
      </article>
    </Card>
  );
}
