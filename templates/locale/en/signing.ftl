# Refusals
refusal-text-unprintable = This text holds characters that cannot be printed on a licence: { $characters }. Write it in Arabic or Latin letters.
refusal-template-unknown = There is no printed form for this kind of licence.
refusal-layout-failed = The licence file could not be made. Nothing was signed or changed, and we will try again.
refusal-token-invalid = This code is not from one of our licences, or something in it was changed.
refusal-key-exposed = The signing key file { $path } is open to others than its owner (mode { $mode }). Limit it to its owner and start again.
refusal-key-damaged = The signing key file { $path } is damaged. Restore it from the backup.
refusal-key-missing = There is no signing key { $path }. The system administrator has to make it.
refusal-issuer-missing = The root key { $path } is gone while keys it certified are still there. Restore it from the backup: with a new root, no licence issued so far could be verified.

# The verdict on a file
verification-valid = This is a true licence from { $signer }; nothing in it was changed, and it is in force.
verification-too-large = The file is too large to be a licence. Send the licence file itself, as you received it.
verification-not-a-pdf = This is not a PDF file. Send the licence file itself, not a picture of it.
verification-unreadable = The file cannot be read: it is damaged or protected by a password. Download it again from your account.
verification-not-signed = This file is not signed. A scan or a reprint does not carry the signature: use the original file, or scan the code.
verification-changed-after-signing = This file was changed after it was signed. Do not rely on it.
verification-signer-unknown = This file is signed, but not by this municipality. Do not rely on it.
verification-data-missing = The municipality signed this file, but it is not a licence.
verification-token-missing = The municipality signed this file, but its verification code is missing. Ask the municipality.
verification-token-invalid = The municipality signed this file, but the verification code printed on it is wrong. Ask the municipality.
verification-token-mismatch = The municipality signed this file, but the verification code printed on it belongs to another licence. Ask the municipality.
verification-not-yet-valid = This is a true licence that has not begun yet.
verification-expired = This is a true licence whose term has ended.
