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
staff-sign-in-to-citizens = Citizens: sign in here

refusal-unauthenticated = Sign in first.
refusal-sign-in-refused = We could not sign you in. Check your e-mail and password, and enter the code your authenticator app shows now.
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
refusal-role-unknown = There is no role “{ $role }” that staff can hold.
