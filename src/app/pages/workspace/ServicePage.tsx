import { useQuery } from "@tanstack/react-query";
import { ArrowLeft, SearchX } from "lucide-react";
import type { MentorProfile } from "#contract/mentors.ts";
import type { CreateService, Service as OfferedService } from "#contract/services.ts";
import { ownServices, servicePage } from "#words/serviceEditor.ts";
import { WorkspacePage } from "@/app/layout/WorkspacePage.tsx";
import { OwnPlace } from "@/features/meetings/OwnPlace.tsx";
import { useMentorChanges } from "@/features/mentors/useMentorChanges.ts";
import { addService, changeService } from "@/features/services/api.ts";
import { ownServicesAndFeeQuery } from "@/features/services/queries.ts";
import { ServiceEditor } from "@/features/services/ServiceEditor.tsx";
import { newService, serviceFormOf } from "@/features/services/serviceForm.ts";
import { paths } from "@/lib/paths.ts";
import { navigate } from "@/lib/router/location.ts";
import { Link, useParams } from "@/lib/router/router.tsx";
import { toast } from "@/lib/toast.ts";
import { buttonVariants } from "@/ui/Button.tsx";
import { EmptyState } from "@/ui/EmptyState.tsx";
import { ProblemState } from "@/ui/ProblemState.tsx";
import { Loading } from "@/ui/Spinner.tsx";

/** Adds or edits one service. */
export default function ServicePage({ profile }: { profile: MentorProfile }) {
  const { serviceId = "" } = useParams();
  const isNew = serviceId === "new";
  return (
    <>
      <Link
        to={paths.mentorWorkspace("services")}
        className="tap mb-2 inline-flex items-center gap-1.5 font-semibold text-primary-text underline decoration-1 underline-offset-4 hover:decoration-2"
      >
        <ArrowLeft aria-hidden className="size-4" />
        {ownServices.all}
      </Link>
      <WorkspacePage title={isNew ? ownServices.add : servicePage.edit}>
        <Service key={serviceId} profile={profile} serviceId={isNew ? null : serviceId} />
      </WorkspacePage>
    </>
  );
}

function Service({ profile, serviceId }: { profile: MentorProfile; serviceId: string | null }) {
  const services = useQuery(ownServicesAndFeeQuery(profile.id));
  if (services.isPending) return <Loading>{servicePage.loading}</Loading>;
  if (services.isError && !services.data) {
    return <ProblemState title={servicePage.failed} error={services.error} onRetry={services.refetch} />;
  }
  const { data, fee_percent: feePercent } = services.data;
  if (serviceId === null) return <NewService profile={profile} feePercent={feePercent} />;
  const service = data.find(({ id }) => id === serviceId);
  return service ? (
    <ExistingService profile={profile} service={service} feePercent={feePercent} />
  ) : (
    <NotFound />
  );
}

function NotFound() {
  return (
    <EmptyState Icon={SearchX} title={servicePage.notFound}>
      <p>{servicePage.whyNotFound}</p>
      <Link to={paths.mentorWorkspace("services")} className={buttonVariants()}>
        {ownServices.all}
      </Link>
    </EmptyState>
  );
}

type EditedProps = { profile: MentorProfile; feePercent: number | null };

function NewService({ profile, feePercent }: EditedProps) {
  const changes = useMentorChanges();
  const add = async (service: CreateService) => {
    await addService(service);
    await changes.servicesChanged(profile.id);
    toast.success(servicePage.added(service.title));
  };
  return (
    <ServiceEditor
      service={newService}
      profileConfirms={profile.instant_confirm}
      feePercent={feePercent}
      saveLabel={servicePage.add}
      onSave={add}
      onSaved={() => navigate(paths.mentorWorkspace("services"))}
    />
  );
}

function ExistingService({ profile, service, feePercent }: EditedProps & { service: OfferedService }) {
  const changes = useMentorChanges();
  const save = async (change: CreateService) => {
    await changeService(service.id, change);
    await changes.servicesChanged(profile.id);
    toast.success(servicePage.saved(change.title));
  };
  return (
    <div className="space-y-6">
      <ServiceEditor
        service={serviceFormOf(service)}
        profileConfirms={profile.instant_confirm}
        feePercent={feePercent}
        saveLabel={servicePage.save}
        onSave={save}
        onSaved={() => navigate(paths.mentorWorkspace("services"))}
      />
      <OwnPlace userId={profile.id} serviceId={service.id} />
    </div>
  );
}
