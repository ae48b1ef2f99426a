"""A reader of the block format, written from FORMAT.md alone. "Section" in comments is a section of that document.

    reading    bytes one after the other; value types; the three errors              (notation, section 1)
    packed     numbers and integers by pcodec; exceptions                            (sections 4, 5)
    lattice    from lattice integers to values and back                              (section 6)
    models     models as they are stored: postcard, weights, containers              (sections 7, 13)
    axis       bins and context scores                                               (section 8)
    functions  sine, exponential function and their like, bit for bit the same       (section 10)
    context    what a network sees in each row: parents, predictions, its inputs     (sections 7, 9, 10)
    network    integer network, mixture, and cumulative counts of its bins           (section 11)
    coding     from lanes and raw bits to integers                                   (section 12)
    blocks     blocks of all kinds, and their tails                                  (sections 2, 3)
    codec      codecs, also as ROOT streams them                                     (section 13)
    __main__   compares the golden files
"""
