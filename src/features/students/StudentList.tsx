import { useInfiniteQuery } from "@tanstack/react-query";
import { NotebookPen, Users } from "lucide-react";
import { useState } from "react";
import type { Student } from "#contract/students.ts";
import { controls } from "#words/controls.ts";
import { studentList } from "#words/students.ts";
import { paths } from "@/lib/paths.ts";
import { Link } from "@/lib/router/router.tsx";
import { formatShortDay } from "@/lib/time.ts";
import { useDebounced } from "@/lib/useDebounced.ts";
import { Button } from "@/ui/Button.tsx";
import { Card } from "@/ui/Card.tsx";
import { EmptyState } from "@/ui/EmptyState.tsx";
import { ProblemState } from "@/ui/ProblemState.tsx";
import { SearchField } from "@/ui/SearchField.tsx";
import { Skeleton } from "@/ui/Skeleton.tsx";
import { studentsQuery } from "./queries.ts";

type StudentListProps = { mentorId: string; timeZone: string };

/** The students who have or had a session with the mentor. */
export function StudentList({ mentorId, timeZone }: StudentListProps) {
  const [text, setText] = useState("");
  const q = useDebounced(text.trim(), 300);
  const list = useInfiniteQuery(studentsQuery(mentorId, q));
  const students = (list.data?.pages ?? []).flatMap(({ data }) => data);

  if (list.isPending) return <StudentSkeletons />;
  if (list.isError && !list.data) {
    return <ProblemState title={studentList.failed} error={list.error} onRetry={list.refetch} />;
  }
  if (students.length === 0 && q === "" && text === "") return <NoStudents />;
  return (
    <>
      <search className="mb-5 block max-w-md">
        <SearchField
          label={studentList.search}
          placeholder={studentList.searchHint}
          value={text}
          onChange={setText}
        />
      </search>
      <p role="status" className="sr-only">
        {studentList.found(students.length)}
      </p>
      {students.length === 0 ? (
        <p className="text-ink-soft">{studentList.noMatch(q)}</p>
      ) : (
        <ul className="grid gap-3 sm:grid-cols-2 lg:grid-cols-3">
          {students.map((student) => (
            <li key={student.id}>
              <StudentCard student={student} timeZone={timeZone} />
            </li>
          ))}
        </ul>
      )}
      {list.hasNextPage && (
        <div className="mt-5 text-center">
          <Button variant="secondary" pending={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
            {controls.showMore}
          </Button>
        </div>
      )}
    </>
  );
}

function StudentCard({ student, timeZone }: { student: Student; timeZone: string }) {
  const day = (instant: string) => formatShortDay(instant, timeZone);
  return (
    <Card className="relative h-full p-4 transition-shadow focus-within:shadow-lift hover:shadow-lift">
      <h2 className="text-heading">
        <Link to={paths.student(student.id)} className="after:absolute after:inset-0">
          <bdi>{student.name}</bdi>
        </Link>
      </h2>
      <p className="truncate text-sm text-ink-soft">{student.email}</p>
      <p className="mt-3">
        {student.next_session_at
          ? studentList.next(day(student.next_session_at))
          : student.last_session_at
            ? studentList.last(day(student.last_session_at))
            : studentList.noSession}
      </p>
      <p className="flex flex-wrap items-center gap-x-3 text-sm text-ink-soft">
        {studentList.held(student.held_sessions)}
        {student.has_note && (
          <span className="inline-flex items-center gap-1">
            <NotebookPen aria-hidden className="size-4" />
            {studentList.notes}
          </span>
        )}
      </p>
    </Card>
  );
}

function NoStudents() {
  return (
    <EmptyState Icon={Users} title={studentList.none}>
      <p>{studentList.noneText}</p>
    </EmptyState>
  );
}

function StudentSkeletons() {
  return (
    <div role="status" className="grid gap-3 sm:grid-cols-2 lg:grid-cols-3">
      <span className="sr-only">{studentList.loading}</span>
      {["a", "b", "c"].map((key) => (
        <Skeleton key={key} className="h-36 rounded-card" />
      ))}
    </div>
  );
}
