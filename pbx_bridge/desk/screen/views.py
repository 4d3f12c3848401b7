"""The live state in the words of the desk protocol: pure, one function a view."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from pbx_bridge.calls.effects import Phase
from pbx_bridge.calls.events import MemberStatus
from pbx_bridge.calls.state import AgentState, CallState, LinkState
from pbx_bridge.desk import protocol as p
from pbx_bridge.desk.screen.transfer_view import TransferView
from pbx_bridge.storage.maintenance.watch import StorageState
from pbx_bridge.telephony.agent_queue import NO_WISH, PICKING, WRAP_UP
from pbx_bridge.transfers.colleagues import phone_of
from pbx_bridge.transfers.state import Attempt
from rules.calls.call_backs import is_ring_back
from rules.calls.colleagues import standing
from rules.model import Agent, Customer
from rules.presence.pause_reasons import is_pause
from rules.vocabulary import PauseReason, PhoneTrouble


def link_view(link: LinkState, storage: StorageState) -> p.LinkView:
    """The line to the PBX, and the database; mail and SMS are told by the outbox."""
    return p.LinkView(
        "up" if link.up else "down",
        link.reason,
        link.since,
        storage="up" if storage.up else "down",
        storage_since=storage.since,
    )


def agent_view(
    state: AgentState | None, unknown_since: datetime, wrap_up_until: datetime | None
) -> p.AgentView:
    """What the agent does, as the queue knows it.

    A running call outweighs the pause that was asked for meanwhile, which comes after it.
    """
    if state is None or not state.signed_in:
        return p.AgentView("signed_out", "", state.since if state else unknown_since)
    pause = _own_pause(state)
    if state.call is not None or state.status is MemberStatus.IN_USE:
        return p.AgentView("talking", "", state.since, after=pause)
    if state.status is MemberStatus.UNAVAILABLE:
        return p.AgentView("unavailable", "", state.since, after=pause)
    if state.status is MemberStatus.RINGING:
        return p.AgentView("ringing", "", state.since, after=pause)
    if not state.paused or state.pause_reason == PICKING:  # a caller whom they have picked is on the way
        return p.AgentView("ready", "", state.since)
    if state.pause_reason == WRAP_UP:
        return p.AgentView("wrap_up", "", state.since, wrap_up_until)
    return p.AgentView("paused", pause, state.since)


def _own_pause(state: AgentState) -> str:
    """Why this agent pauses, or will after the call; "" when they did not ask to."""
    if not state.paused or state.pause_reason in NO_WISH:
        return ""
    known = is_pause(state.pause_reason) or state.pause_reason in set(PhoneTrouble)
    return state.pause_reason if known else PauseReason.OTHER


def colleague_view(agent: Agent, state: AgentState | None, *, awaited: bool) -> p.ColleagueView:
    """For all who work here. `awaited`: rung by one of them, or a caller whom they have picked is coming."""
    return p.ColleagueView(agent.id, agent.name, standing(phone_of(state, awaited=awaited)).value)


def asked_view(call: CallState, by: Agent | None, attempt: Attempt) -> p.CallView:
    """The call as a colleague sees it who is asked; nothing is to be done but at the telephone."""
    return p.CallView(
        call=call.id,
        phase="asked",
        since=attempt.started_at,
        answered_at=call.answered_at,
        ended_at=None,
        end_reason=None,
        put_through=None,
        tried=[],
        joined_with=None,
        may=[],
        asked_by=by.name if by else "",
        given=attempt.given,
    )


def waiting_view(call: CallState, customer: Customer | None, picker: Agent | None = None) -> p.WaitingView:
    """A line of the waiting list, the same for readers of every language. `picker`: who has picked it."""
    return p.WaitingView(
        call=call.id,
        company=customer.name if customer else "",
        hue=customer.hue if customer else 0,
        vip=call.caller.vip is not None,
        since=call.waiting_since or call.arrived_at,
        picked_by=picker.name if picker else "",
        call_back=is_ring_back(call.pbx_call),
    )


def call_view(
    call: CallState,
    interface: str,
    *,
    put_through: p.PutThroughView | None = None,
    tried: Iterable[p.TriedView] = (),
    joined_with: str | None = None,
    joined_number: str = "",
    phone: Iterable[str] = (),
    settled: bool = False,
    noted: p.CorrectionView | None = None,
    recalled: bool = False,
) -> p.CallView:
    """The call as the agent at `interface` sees it.

    `phone`: what the put-through allows whoever has the call now. `settled`: `noted`, or left without a note.
    """
    phase = _phase(call, interface)
    return p.CallView(
        call=call.id,
        phase=phase,
        since=call.phase_since,
        answered_at=call.answered_at,
        ended_at=call.ended_at,
        end_reason=_end_reason(call, interface, phase),
        put_through=put_through,
        tried=list(tried),
        joined_with=joined_with,
        may=_may(phase, call, phone if call.busy_agent == interface else (), done=settled and noted is None),
        noted=noted,
        recalled=recalled,
        joined_number=joined_number,
        call_back=is_ring_back(call.pbx_call),
    )


def correction_view(call: CallState, transfer: TransferView, correction: p.CorrectionView) -> p.CallView:
    """A call that is long over, whose note lies open again."""
    return p.CallView(
        call=call.id,
        phase="ended",
        since=call.phase_since,
        answered_at=call.answered_at,
        ended_at=call.ended_at,
        end_reason=None,
        put_through=None,
        tried=list(transfer.tried),
        joined_with=transfer.joined_with,
        joined_number=transfer.joined_number,
        may=["save_draft", "save_note", "put_away"],
        correction=correction,
    )


def _phase(call: CallState, interface: str) -> p.CallPhase:
    """A call that went back into the queue is over for the agent who lost it, until somebody else answers."""
    if call.phase is Phase.ENDED:
        return "ended"
    if call.agent != interface or call.waiting or call.phase is Phase.ARRIVED:
        return "offered" if interface in call.offered else "ended"
    return _PHASES[call.phase]


def _end_reason(call: CallState, interface: str, phase: str) -> p.EndReason | None:
    if phase != "ended":
        return None
    return call.end_reason.value if call.end_reason else "requeued"


def _may(phase: p.CallPhase, call: CallState, phone: Iterable[str], *, done: bool) -> list[str]:
    """Commands that make sense now. A note may be saved as soon as the call was answered, and corrected from
    then on."""
    if phase == "offered":
        return []
    if done:
        return list(phone)
    return [*phone, "save_draft", "save_note", *([] if call.live else ["close_call"])]


_PHASES: dict[Phase, p.CallPhase] = {
    Phase.TALKING: "talking",
    Phase.PUTTING_THROUGH: "putting_through",
    Phase.JOINED: "joined",
}
