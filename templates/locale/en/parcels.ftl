# Parcels
parcel = Parcel
parcel-number = Parcel number
parcel-number-hint = Area code, block and parcel, such as MN-3-0121
refusal-parcel-unknown = There is no parcel { $number }. The nearest numbers that exist: { $suggestions }. Check the number and try again.
refusal-parcel-number-malformed = “{ $number }” is not a parcel number. Type the area code, block and parcel, such as MN-3-0121.
