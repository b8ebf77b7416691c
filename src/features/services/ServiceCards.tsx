import { useQuery } from "@tanstack/react-query";
import { Layers } from "lucide-react";
import { useRef, useState } from "react";
import type { MentorProfile } from "#contract/mentors.ts";
import type { Service } from "#contract/services.ts";
import { deleteService, ownServices } from "#words/serviceEditor.ts";
import { useMentorChanges } from "@/features/mentors/useMentorChanges.ts";
import { paths } from "@/lib/paths.ts";
import { Link } from "@/lib/router/router.tsx";
import { toast } from "@/lib/toast.ts";
import { buttonVariants } from "@/ui/Button.tsx";
import { ConfirmDialog } from "@/ui/ConfirmDialog.tsx";
import { EmptyState } from "@/ui/EmptyState.tsx";
import { ProblemState } from "@/ui/ProblemState.tsx";
import { Skeleton } from "@/ui/Skeleton.tsx";
import { withElements } from "@/ui/withElements.tsx";
import { removeService } from "./api.ts";
import { ownServicesQuery } from "./queries.ts";
import { ServiceCard } from "./ServiceCard.tsx";

export function ServiceCards({ profile }: { profile: MentorProfile }) {
  const services = useQuery(ownServicesQuery(profile.id));
  const changes = useMentorChanges();
  const [deleting, setDeleting] = useState<Service | null>(null);
  const list = useRef<HTMLDivElement>(null);

  if (services.isPending) {
    return (
      <div className="grid gap-4 md:grid-cols-2">
        <p role="status" className="sr-only">
          {ownServices.loading}
        </p>
        <Skeleton className="h-64 w-full" />
        <Skeleton className="h-64 w-full" />
      </div>
    );
  }
  if (services.isError && !services.data) {
    return <ProblemState title={ownServices.failed} error={services.error} onRetry={services.refetch} />;
  }
  const remove = async (service: Service) => {
    await removeService(service.id);
    await changes.servicesChanged(profile.id);
    toast.success(deleteService.done(service.title));
  };
  return (
    <div ref={list} tabIndex={-1} className="outline-none">
      {services.data.length === 0 ? (
        <EmptyState Icon={Layers} title={ownServices.none}>
          <p>{ownServices.whatFor}</p>
          <Link to={paths.newService()} className={buttonVariants()}>
            {ownServices.addFirst}
          </Link>
        </EmptyState>
      ) : (
        <ul aria-label={ownServices.title} className="grid gap-4 md:grid-cols-2">
          {services.data.map((service) => (
            <li key={service.id} className="grid min-w-0">
              <ServiceCard
                service={service}
                profileConfirms={profile.instant_confirm}
                onDelete={() => setDeleting(service)}
              />
            </li>
          ))}
        </ul>
      )}
      {deleting && (
        <ConfirmDialog
          title={deleteService.title}
          keepLabel={deleteService.keep}
          confirmLabel={deleteService.confirm}
          onClose={() => setDeleting(null)}
          onConfirm={() => remove(deleting)}
          focusAfter={() => list.current?.focus()}
        >
          <p>
            {withElements(deleteService.lead, {
              title: <strong className="font-bold">{deleting.title}</strong>,
            })}
          </p>
        </ConfirmDialog>
      )}
    </div>
  );
}
