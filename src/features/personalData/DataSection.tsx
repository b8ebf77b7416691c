import { Download } from "lucide-react";
import { dataSection } from "#words/personalData.ts";
import { AccountSection } from "@/features/accounts/settings/AccountSection.tsx";
import { toast } from "@/lib/toast.ts";
import { Button } from "@/ui/Button.tsx";
import { useAction } from "@/ui/useAction.ts";
import { type DataFormat, downloadData } from "./api.ts";

const formats: readonly { format: DataFormat; label: string }[] = [
  { format: "json", label: dataSection.json },
  { format: "csv", label: dataSection.csv },
];

/** Everything stored about the person, as a file. */
export function DataSection() {
  const download = useAction(
    async (format: DataFormat) => {
      await downloadData(format);
      toast.success(dataSection.done);
    },
    { failure: dataSection.failed },
  );
  return (
    <AccountSection id="data" lead={dataSection.lead}>
      <div className="flex flex-wrap gap-3">
        {formats.map(({ format, label }) => (
          <Button
            key={format}
            variant="secondary"
            pending={download.pendingArgs?.[0] === format}
            disabled={download.isPending}
            onClick={() => download.run(format)}
          >
            <Download aria-hidden className="size-5" />
            {label}
          </Button>
        ))}
      </div>
    </AccountSection>
  );
}
