"""Pages: one confirmation per step in the life of an event."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.refusals import Refusal

from ..access import get_event
from ..forms.base import posted
from ..forms.steps import StepForm
from ..steps import STEPS


@require_http_methods(["GET", "POST"])
def schedule(request, code):
    return take(request, code, STEPS["schedule"])


@require_http_methods(["GET", "POST"])
def start(request, code):
    return take(request, code, STEPS["start"])


@require_http_methods(["GET", "POST"])
def close(request, code):
    return take(request, code, STEPS["close"])


@require_http_methods(["GET", "POST"])
def archive(request, code):
    return take(request, code, STEPS["archive"])


@require_http_methods(["GET", "POST"])
def reopen(request, code):
    return take(request, code, STEPS["reopen"])


@require_http_methods(["GET", "POST"])
def cancel(request, code):
    return take(request, code, STEPS["cancel"])


def take(request, code, step):
    """Show what speaks against the step; on POST do it, or show the list again (409)."""
    event = get_event(request, code, step.permission)
    if event.state not in step.starts_from:
        raise Refusal(step.wrong_state)
    issues = step.issues(event)
    is_blocked = any(issue.blocks for issue in issues)
    form = StepForm(posted(request), event=event, step=step, needs_tick=bool(issues) and not is_blocked)
    if form.is_valid():
        try:
            form.save(by=request.user)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, step.done)
            return redirect(event)
    context = {
        "event": event,
        "step": step,
        "form": form,
        "issues": issues,
        "is_blocked": is_blocked,
        "choice": next((issue for issue in issues if issue.go_on), None),
        "today": timezone.localdate(timezone=event.zone),
    }
    return render(request, "events/step.html", context, status=409 if request.method == "POST" else 200)
