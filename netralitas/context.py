def house(request):
    """What every page shows: the offices of the signed-in user."""
    offices = getattr(request, "offices", [])
    return {"my_offices": offices, "my_office": offices[0] if offices else None}
