import { staleHours } from "#words/hours.ts";
import { Alert } from "@/ui/Alert.tsx";
import { Button } from "@/ui/Button.tsx";

type StaleHoursProps = {
  /** Overwrites the newer hours; left out where a form only adds to them. */
  onKeep?: () => void;
  onLoad: () => void;
  className?: string;
};

/** Shown when a save was refused because the hours were changed elsewhere. */
export function StaleHours({ onKeep, onLoad, className }: StaleHoursProps) {
  return (
    <Alert tone="warning" title={staleHours.title} {...(className && { className })}>
      <p>{staleHours.detail}</p>
      <div className="mt-3 flex flex-wrap gap-2">
        <Button size="sm" onClick={onLoad}>
          {onKeep ? staleHours.load : staleHours.look}
        </Button>
        {onKeep && (
          <Button variant="secondary" size="sm" onClick={onKeep}>
            {staleHours.overwrite}
          </Button>
        )}
      </div>
    </Alert>
  );
}
