/** A mentor's queries about students. Their keys contain the mentor's id: see queryKeys.ts. */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { BookingPage } from "#contract/bookings.ts";
import type { Student, StudentNote, StudentPage } from "#contract/students.ts";
import { api } from "@/lib/api.ts";
import { queryKeys } from "@/lib/queryKeys.ts";

const base = "/api/v1/mentors/me/students";

export const studentsQuery = (mentorId: string, q: string) =>
  infiniteQueryOptions({
    queryKey: [...queryKeys.bookings, "students", mentorId, { q }],
    queryFn: ({ pageParam, signal }) =>
      api.get<StudentPage>(base, { query: { q, cursor: pageParam, limit: 30 }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
  });

export const studentQuery = (mentorId: string, studentId: string) =>
  queryOptions({
    queryKey: [...queryKeys.bookings, "student", mentorId, studentId],
    queryFn: ({ signal }) => api.get<Student>(pathOf(studentId), { signal }),
  });

export const studentSessionsQuery = (mentorId: string, studentId: string) =>
  infiniteQueryOptions({
    queryKey: [...queryKeys.bookings, "student", mentorId, studentId, "sessions"],
    queryFn: ({ pageParam, signal }) =>
      api.get<BookingPage>("/api/v1/bookings", {
        query: { as: "mentor", student_id: studentId, archived: "true", cursor: pageParam },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });

/** Not below the key of bookings: a new booking must not reload notes that are being edited. */
export const noteQuery = (mentorId: string, studentId: string) =>
  queryOptions({
    queryKey: ["note", mentorId, studentId],
    queryFn: ({ signal }) => api.get<StudentNote>(`${pathOf(studentId)}/note`, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });

export function saveNote(studentId: string, note: { body: string; revision: number }): Promise<StudentNote> {
  return api.put(`${pathOf(studentId)}/note`, note);
}

function pathOf(studentId: string): string {
  return `${base}/${encodeURIComponent(studentId)}`;
}
