//! RootBaler core: columns <-> bytes. No ROOT, no torch.
