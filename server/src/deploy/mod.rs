//! Putting agents on hosts and taking them off.
