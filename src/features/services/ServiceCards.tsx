import { useQuery } from "@tanstack/react-query";
import { Layers } from "lucide-react";
import { useRef, useState } from "react";
import { Link } from "react-router";
import type { MentorProfile } from "#contract/mentors.ts";
import type { Service } from "#contract/services.ts";
import { useMentorChanges } from "@/features/mentors/useMentorChanges.ts";
import { paths } from "@/lib/paths.ts";
import { toast } from "@/lib/toast.ts";
import { buttonVariants } from "@/ui/Button.tsx";
import { ConfirmDialog } from "@/ui/ConfirmDialog.tsx";
import { EmptyState } from "@/ui/EmptyState.tsx";
import { ProblemState } from "@/ui/ProblemState.tsx";
import { Skeleton } from "@/ui/Skeleton.tsx";
import { removeService } from "./api.ts";
import { ownServicesQuery } from "./queries.ts";
import { ServiceCard } from "./ServiceCard.tsx";

export function ServiceCards({ profile }: { profile: MentorProfile }) {
  const services = useQuery(ownServicesQuery(profile.id));
  const account = useMentorChanges();
  const [deleting, setDeleting] = useState<Service | null>(null);
  const list = useRef<HTMLDivElement>(null);

  if (services.isPending) {
    return (
      <div className="grid gap-4 md:grid-cols-2">
        <p role="status" className="sr-only">
          Loading your services…
        </p>
        <Skeleton className="h-64 w-full" />
        <Skeleton className="h-64 w-full" />
      </div>
    );
  }
  if (services.isError && !services.data) {
    return (
      <ProblemState
        title="We could not load your services"
        error={services.error}
        onRetry={services.refetch}
      />
    );
  }
  const remove = async (service: Service) => {
    await removeService(service.id);
    await account.servicesChanged(profile.id);
    toast.success(`“${service.title}” is deleted.`);
  };
  return (
    <div ref={list} tabIndex={-1} className="outline-none">
      {services.data.length === 0 ? (
        <EmptyState Icon={Layers} title="Nothing to book yet">
          <p>A service is what students choose: a title, one or more lengths, and a price for each.</p>
          <Link to={paths.newService()} className={buttonVariants()}>
            Add your first service
          </Link>
        </EmptyState>
      ) : (
        <ul aria-label="Services" className="grid gap-4 md:grid-cols-2">
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
          title="Delete this service?"
          keepWords="Keep it"
          confirmWords="Delete service"
          onClose={() => setDeleting(null)}
          onConfirm={() => remove(deleting)}
          focusAfter={() => list.current?.focus()}
        >
          <p>
            <strong className="font-bold">{deleting.title}</strong> goes off your page for good. Sessions that
            are booked stay booked. To stop bookings for a while, hide it instead.
          </p>
        </ConfirmDialog>
      )}
    </div>
  );
}
