"""Pages: the photos of an event. Files are streamed to staff who may see the event, never published."""

from django.contrib import messages
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import undo
from accounts.roles import Permission
from documents import storage

from ..access import get_event, get_of_event, may_in_event
from ..forms.base import posted, saved
from ..forms.photos import PhotoForm, PhotosForm
from ..issuing import refuse_unless_issuable
from ..photos import move_photo, remove_photo, restore_photo


@require_http_methods(["GET", "POST"])
def photos(request, code):
    right = Permission.EVENT_VIEW if request.method == "GET" else Permission.EVENT_RUN
    event = get_event(request, code, right)
    files = request.FILES if request.method == "POST" else None
    if request.method == "POST":
        refuse_unless_issuable(event)
    form = PhotosForm(posted(request), files, event=event)
    if request.method == "POST" and (added := saved(form, by=request.user)):
        _tell(request, added)
        return redirect("events:photos", event.code)
    context = {
        "event": event,
        "section": "photos",
        "form": form,
        "photos": list(event.photos.all()),
        "run": may_in_event(request.user, Permission.EVENT_RUN, event),
        "plan": may_in_event(request.user, Permission.EVENT_PLAN, event),
    }
    return render(request, "events/photos.html", context)


@require_http_methods(["GET", "POST"])
def photo_edit(request, code, pk):
    event, photo = changeable(request, code, pk)
    form = PhotoForm(posted(request), instance=photo)
    if saved(form, by=request.user):
        messages.success(request, "Foto disimpan.")
        return redirect("events:photos", event.code)
    return render(
        request,
        "events/photo_edit.html",
        {"event": event, "section": "photos", "form": form, "photo": photo},
    )


@require_POST
def photo_up(request, code, pk):
    event, photo = changeable(request, code, pk)
    move_photo(photo=photo, by=request.user, up=True)
    return redirect("events:photos", event.code)


@require_POST
def photo_down(request, code, pk):
    event, photo = changeable(request, code, pk)
    move_photo(photo=photo, by=request.user, up=False)
    return redirect("events:photos", event.code)


@require_POST
def photo_remove(request, code, pk):
    event, photo = changeable(request, code, pk)
    name = f"Foto “{photo.caption}”" if photo.caption else "Foto"
    picture = remove_photo(photo=photo, by=request.user)
    undo.offer(
        request, f"{name} dihapus.", url=reverse("events:photos_undo", args=[event.code]), facts=picture
    )
    return redirect("events:photos", event.code)


@require_POST
def photos_undo(request, code):
    """Put back the photo this session removed last."""
    event = receiving(request, code)
    photo = restore_photo(event=event, picture=undo.take(request), by=request.user)
    messages.success(
        request, f"Foto “{photo.caption}” dikembalikan." if photo.caption else "Foto dikembalikan."
    )
    return redirect("events:photos", event.code)


@require_POST
def photos_send(request, code):
    """One photo of several that a page sends one after the other: {"state": kept, known or refused, "text"}."""
    form = PhotosForm(request.POST, request.FILES, event=receiving(request, code))
    if added := saved(form, by=request.user):
        state = "kept" if added.kept else "known" if added.known else "refused"
        return JsonResponse({"state": state, "text": " ".join(added.refused)})
    problems = [problem for field in form.errors.values() for problem in field]
    return JsonResponse({"state": "refused", "text": " ".join(problems)})


@require_GET
def photo_file(request, code, pk):
    return _stream(request, code, pk, "file")


@require_GET
def photo_small(request, code, pk):
    return _stream(request, code, pk, "print_file")


def receiving(request, code):
    """The event, if the user may run it and it still takes photos."""
    event = get_event(request, code, Permission.EVENT_RUN)
    refuse_unless_issuable(event)
    return event


def changeable(request, code, pk):
    event = get_event(request, code, Permission.EVENT_RUN)
    photo = get_of_event(event.photos.select_related("event"), pk=pk)
    refuse_unless_issuable(event)
    return event, photo


def _stream(request, code, pk, size):
    event = get_event(request, code, Permission.EVENT_VIEW)
    photo = get_of_event(event.photos, pk=pk)
    name = getattr(photo, size)
    if not storage.exists(name):
        raise Http404("Tidak ditemukan.")
    filename = f"foto-{event.code}-{photo.sha256[:8]}.jpg"
    return storage.file_response(name, filename=filename, content_type="image/jpeg")


def _tell(request, added) -> None:
    if added.kept:
        messages.success(request, f"{added.kept} foto disimpan.")
    if added.known:
        messages.info(request, f"{added.known} foto sudah ada dan tidak disimpan lagi.")
    for sentence in added.refused:
        messages.error(request, f"Tidak disimpan: {sentence}")
