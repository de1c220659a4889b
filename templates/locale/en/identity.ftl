# Signing in and out

sign-in-title = Sign in
sign-in-lead = Enter your civil ID. We send a code to the phone the municipality has on file for you.
sign-in-civil-id = Civil ID
sign-in-civil-id-hint = 12 digits, on the front of your civil ID card
sign-in-send-code = Send the code
sign-in-to-staff = Municipality staff: sign in here
sign-in-ended-title = Your session ended
sign-in-ended-text = To protect your file, a session ends after some time unused. Sign in to go on where you were.
sign-in-out-title = You are signed out
sign-in-out-text = If this is not your own device, close the browser window too.

sign-in-code-title = Enter the code
sign-in-code-lead = If this civil ID is on file, we have sent a text message with a code to its holder’s phone.
sign-in-code-other = not mine
sign-in-code-label = Code
sign-in-code-hint = 6 digits, good for 5 minutes. Give them to nobody.
sign-in-code-button = Sign in
sign-in-code-missing = No code yet?
sign-in-code-missing-text = The message can take a minute. If your phone number has changed, visit the service centre with your civil ID card.
sign-in-code-again = Send a new code

staff-sign-in-title = Staff sign-in
staff-sign-in-lead = For municipality staff only. Every sign-in is recorded.
staff-sign-in-email = E-mail
staff-sign-in-password = Password
staff-sign-in-code = Verification code
staff-sign-in-code-hint = 6 digits from the authenticator app on your phone
staff-sign-in-button = Sign in
staff-sign-in-directory = Sign in with your municipality account
staff-sign-in-directory-text = We take you to the municipality’s sign-in page and bring you back here.
staff-sign-in-own = Or with a Diwan account
staff-sign-in-leave = Sign out of the municipality account
staff-sign-in-leave-title = The municipality account may still be signed in on this device
staff-sign-in-leave-text = If the account is not yours, or others use this device, sign out of it too.
staff-sign-in-to-citizens = Citizens: sign in here

refusal-unauthenticated = Sign in first.
refusal-sign-in-refused = We could not sign you in. Check your e-mail and password, and enter the code your authenticator app shows now.
refusal-own-accounts-closed = Staff sign in with their municipality account only.
refusal-no-door-for-staff = DIWAN_STAFF_ACCOUNTS=no closes Diwan's own accounts, and DIWAN_STAFF_DIRECTORY names no directory: no staff could sign in. Name one, or take the first away.
refusal-directory-unavailable = The municipality’s sign-in page cannot be reached at the moment. Try again in a few minutes; if it goes on, tell the system administrator.
refusal-directory-clock-wrong = The clocks of Diwan and of the municipality’s sign-in differ, so we could not accept it. Tell the system administrator.
refusal-directory-cancelled = You are not signed in: it was stopped on the municipality’s sign-in page. Start again when you wish; if that page refused you, ask the system administrator for access.
refusal-directory-answer-void = This sign-in can no longer be used: it took too long, was used before, or began in another browser. Start again.
refusal-directory-answer-false = We could not verify what the municipality’s sign-in told us, so nobody was let in. Start again; if it goes on, tell the system administrator.
refusal-second-factor-missing = Diwan needs a sign-in with a second step, such as a code from your phone. Turn it on in your municipality account, then start again.
refusal-staff-unknown = This municipality account is not on file in Diwan. Ask the system administrator to add your e-mail address, then start again.
refusal-staff-inactive = Your access to Diwan has ended. If you need it for your work, ask your manager.
refusal-email-unverified = Your municipality account has no verified e-mail address. Ask the system administrator to have it verified, then start again.
refusal-directory-account-differs = In Diwan your e-mail address belongs to another municipality account than the one you signed in with. Ask the system administrator to release it, then start again.
refusal-code-refused = { $left ->
    [one] That code is wrong. You have one try left.
   *[other] That code is wrong. You have { $left } tries left.
}
refusal-code-void = That code can no longer be used. Ask for a new one, then enter it.
refusal-too-many-attempts = { $minutes ->
    [one] Too many tries in a short time. Wait one minute, then try again.
   *[other] Too many tries in a short time. Wait { $minutes } minutes, then try again.
}
refusal-civil-id-malformed = { $why ->
    [length] Enter the whole civil ID: 12 digits.
    [birth-date] The birth date in this civil ID is not possible. Check the number on your card.
   *[check-digit] There is a slip in this civil ID, perhaps two digits changed places. Check it on your card.
}
refusal-contact-malformed = Enter a real phone number: 8 digits, or an international number beginning with +.
refusal-role-unknown = There is no role “{ $role }” that staff can hold. The roles are: { $roles }.
refusal-email-malformed = “{ $email }” is no e-mail address.
refusal-name-misplaced = The Arabic name comes first and is written in Arabic letters, the English name second and in Latin letters: “{ $name_ar }”, “{ $name_en }”.
