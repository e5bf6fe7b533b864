def unknown(base):
    return []
