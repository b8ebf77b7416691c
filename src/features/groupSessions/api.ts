/** What a mentor does with group sessions, and a student with a seat. All functions throw ApiProblem. */
import type {
  CheckedStart,
  GroupSession,
  MoveGroupSession,
  RosterSeat,
  ScheduleGroupSessions,
  UpdateGroupSession,
} from "#contract/groupSessions.ts";
import type { CreateProgramme, Programme } from "#contract/programmes.ts";
import type { AnswerEntryQuestion } from "#contract/sessionEntries.ts";
import { api } from "@/lib/api.ts";

const path = "/api/v1/mentors/me/group-sessions";
const pathOf = (id: string, step = "") => `${path}/${encodeURIComponent(id)}${step}`;

export async function scheduleGroups(sessions: ScheduleGroupSessions): Promise<GroupSession[]> {
  return (await api.post<{ data: GroupSession[] }>(path, sessions)).data;
}

/** What sessions at a time would meet, by the query of the request. */
export async function checkStarts(query: string, signal: AbortSignal): Promise<CheckedStart[]> {
  return (await api.get<{ data: CheckedStart[] }>(`${path}/check?${query}`, { signal })).data;
}

export function createProgramme(wanted: CreateProgramme): Promise<Programme> {
  return api.post("/api/v1/mentors/me/programmes", wanted);
}

export function changeGroup(id: string, change: UpdateGroupSession): Promise<GroupSession> {
  return api.patch(pathOf(id), change);
}

export function moveGroup(id: string, move: MoveGroupSession): Promise<GroupSession> {
  return api.post(pathOf(id, "/move"), move);
}

export function cancelGroup(id: string, reason: string): Promise<{ seats: number }> {
  return api.post(pathOf(id, "/cancel"), reason === "" ? {} : { reason });
}

/** What it means that the mentor moved or deleted it in their calendar. */
export function answerGroupQuestion(id: string, answer: AnswerEntryQuestion): Promise<null> {
  return api.post(pathOf(id, "/entry-question/answer"), answer);
}

export function messageGroup(id: string, message: string): Promise<{ seats: number }> {
  return api.post(pathOf(id, "/message"), { message });
}

export function markAttendance(bookingId: string, attendance: RosterSeat["attendance"]): Promise<null> {
  return api.put(`/api/v1/bookings/${encodeURIComponent(bookingId)}/attendance`, { attendance });
}

export function showName(bookingId: string, isShown: boolean): Promise<null> {
  return api.put(`/api/v1/bookings/${encodeURIComponent(bookingId)}/name`, { shows_name: isShown });
}
