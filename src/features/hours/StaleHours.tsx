import { Alert } from "@/ui/Alert.tsx";
import { Button } from "@/ui/Button.tsx";

type StaleHoursProps = {
  /** Whether what is typed here replaces what was saved elsewhere, and may be saved over it. */
  onKeep?: () => void;
  onLoad: () => void;
  className?: string;
};

/** The hours were changed in another tab: nothing was saved, nothing that was typed is lost. */
export function StaleHours({ onKeep, onLoad, className }: StaleHoursProps) {
  return (
    <Alert tone="warning" title="Your hours were changed elsewhere" {...(className && { className })}>
      <p>
        Another tab or device has saved other hours since you opened this page. Nothing was saved from here,
        and what you typed is still there.
      </p>
      <div className="mt-3 flex flex-wrap gap-2">
        <Button size="sm" onClick={onLoad}>
          {onKeep ? "Load the newer hours" : "Look at the newer hours"}
        </Button>
        {onKeep && (
          <Button variant="secondary" size="sm" onClick={onKeep}>
            Save mine over them
          </Button>
        )}
      </div>
    </Alert>
  );
}
