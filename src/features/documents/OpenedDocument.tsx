import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { documentLinks, openedDocument } from "#words/documentLinks.ts";
import { ApiProblem } from "@/lib/api.ts";
import { useSearchParams } from "@/lib/router/router.tsx";
import { Alert } from "@/ui/Alert.tsx";
import { Button } from "@/ui/Button.tsx";
import { Card } from "@/ui/Card.tsx";
import { ProblemState } from "@/ui/ProblemState.tsx";
import { Skeleton } from "@/ui/Skeleton.tsx";
import { DocumentLine } from "./DocumentLine.tsx";
import { documentQuery } from "./queries.ts";

/** The document of `?document=`, to which mails link: first on the page, and with the focus. */
export function OpenedDocument({ userId, timeZone }: { userId: string; timeZone: string }) {
  const [params] = useSearchParams();
  const id = params.get("document");
  return id && <Opened key={id} id={id} userId={userId} timeZone={timeZone} />;
}

function Opened({ id, userId, timeZone }: { id: string; userId: string; timeZone: string }) {
  const [params, setParams] = useSearchParams();
  const { data, error, refetch } = useQuery(documentQuery(userId, id));
  const section = useRef<HTMLElement>(null);
  const isKnown = data !== undefined || error !== null;
  useEffect(() => {
    if (isKnown) section.current?.focus();
  }, [isKnown]);
  const close = () => {
    const rest = new URLSearchParams(params);
    rest.delete("document");
    setParams(rest, { replace: true });
  };
  return (
    <section
      ref={section}
      aria-label={documentLinks.title}
      tabIndex={-1}
      className="mb-6 scroll-mt-24 rounded-card"
    >
      {data ? (
        <Card className="space-y-3 border-primary bg-primary-soft p-4 sm:p-5">
          <DocumentLine document={data} timeZone={timeZone} />
          <Button variant="ghost" size="sm" onClick={close}>
            {openedDocument.close}
          </Button>
        </Card>
      ) : error instanceof ApiProblem && (error.status === 404 || error.status === 422) ? (
        <Alert tone="warning" announce={false} title={openedDocument.missing}>
          <p>{openedDocument.missingText}</p>
        </Alert>
      ) : error ? (
        <ProblemState title={openedDocument.failed} error={error} onRetry={refetch} />
      ) : (
        <Skeleton className="h-24" />
      )}
    </section>
  );
}
