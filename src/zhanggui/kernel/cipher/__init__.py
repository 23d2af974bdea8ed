"""People's names and addresses are sealed under a key a person, and that is wrapped by a master key."""

from .errors import BadMasterKey, CipherError, ErasedSubject, KmsFailed, SealBroken
from .held import held_keys, hold_keys, living_keys, rewrap, subject_keys, turn_to, wrapped_elsewhere
from .keyring import Keyring
from .kms import CommandKms, TransitKms
from .master import (
    KEY_FILE,
    KEY_VARIABLE,
    RESTORE_IT,
    WHAT_IT_OPENS,
    WRAPPED_FILE,
    add_master_key,
    drop_master_keys,
    load_keyring,
    load_master_key,
    load_master_keys,
    make_master_key,
)
from .subjects import SubjectCipher, normalise_identifier
from .wrapping import KEY_BYTES, KeyWrapper, MasterKey, mark_of, wrapper_id

__all__ = [
    "KEY_BYTES",
    "KEY_FILE",
    "KEY_VARIABLE",
    "RESTORE_IT",
    "WHAT_IT_OPENS",
    "WRAPPED_FILE",
    "BadMasterKey",
    "CipherError",
    "CommandKms",
    "ErasedSubject",
    "KeyWrapper",
    "Keyring",
    "KmsFailed",
    "MasterKey",
    "SealBroken",
    "SubjectCipher",
    "TransitKms",
    "add_master_key",
    "drop_master_keys",
    "held_keys",
    "hold_keys",
    "living_keys",
    "load_keyring",
    "load_master_key",
    "load_master_keys",
    "make_master_key",
    "mark_of",
    "normalise_identifier",
    "rewrap",
    "subject_keys",
    "turn_to",
    "wrapped_elsewhere",
    "wrapper_id",
]
