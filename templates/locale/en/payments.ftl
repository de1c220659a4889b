# Payment and receipts

receipt = Receipt
receipt-number = Receipt number
receipt-issued = Issued on
receipt-for = For
receipt-paid = Paid
receipt-note = Keep this receipt. You can print this page.

payment-failed-declined = The bank declined the payment
payment-failed-cancelled = You cancelled the payment
payment-failed-expired = The payment page’s time ran out
payment-failed-next = Nothing was taken. You can try again, or use another card.

refusal-demand-paid = This has been paid; the receipt is { $receipt }. Do not pay again.
refusal-demand-cancelled = This is no longer owed. Do not pay anything.
refusal-demand-frozen = The amount the bank took differs from what is owed. Do not pay again: an officer looks into it and contacts you.
refusal-payment-under-way = The payment page of this application is still open. Finish or cancel the payment there, then try again.
refusal-gateway-unavailable = The payment gateway does not answer now. Nothing was taken. Try again in a few minutes.
refusal-checkout-missing = There is no payment page at this address. Go back to your application and start the payment from there.

# The practice gateway: another organisation to whoever sees it
sandbox-name = Practice payment gateway
sandbox-no-money = For practice only: no real money is paid, and no card is asked for.
sandbox-title = Confirm the payment
sandbox-merchant = Paid to
sandbox-for = For
sandbox-amount = Amount
sandbox-pay = Pay { $amount }
sandbox-decline = Practise: decline the card
sandbox-cancel = Cancel and go back
sandbox-pay-and-close = Practise: pay, then close without going back
sandbox-closed = Paid, and the way back was lost
sandbox-closed-text = This is what happens when a payer closes the browser before returning. Close this page: the municipality asks the gateway by itself within two minutes.
sandbox-state-pending = Waiting for payment
sandbox-state-captured = This amount has been paid already. It will not be paid again.
sandbox-state-declined = The card was declined.
sandbox-state-cancelled = The payment was cancelled.
sandbox-state-expired = This page’s time has run out.
sandbox-back = Back to the municipality
sandbox-footer = An independent practice organisation, not part of the municipality.
