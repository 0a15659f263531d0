import { grantItem } from '#lib/services/grants/grant-item'
import { listGrants, listGrantsInput } from '#lib/services/grants/list'
import { revokeGrant, revokeGrantInput } from '#lib/services/grants/revoke'
import { notificationState, readNotifications, readNotificationsInput } from '#lib/services/notifications/read'
import { pageOf } from '#lib/services/paging'
import { approveReview, approveReviewInput } from '#lib/services/reviews/approve'
import { cancelReview } from '#lib/services/reviews/cancel'
import { listReviews, listReviewsInput } from '#lib/services/reviews/list'
import { readReview, reviewDetail } from '#lib/services/reviews/read'
import { rejectReview, rejectReviewInput } from '#lib/services/reviews/reject'
import { reviewItem } from '#lib/services/reviews/review-item'
import { reviewIdInput } from '#lib/services/reviews/review-row'
import { operation } from '../_rest/operation'

export const reviewOperations = {
  list: operation('GET /reviews', {
    id: 'listReviews',
    summary: 'Operations that wait, or waited, for approval, newest first',
    input: listReviewsInput,
    output: pageOf(reviewItem),
    run: listReviews,
  }),
  read: operation('GET /reviews/{id}', {
    id: 'readReview',
    summary: 'One review with all that a decision rests on',
    input: reviewIdInput,
    output: reviewDetail,
    run: readReview,
  }),
  approve: operation('POST /reviews/{id}/approve', {
    id: 'approveReview',
    summary: 'Approve exactly what the review shows; never one’s own request',
    input: approveReviewInput,
    output: reviewDetail,
    run: approveReview,
  }),
  reject: operation('POST /reviews/{id}/reject', {
    id: 'rejectReview',
    summary: 'Reject it; the client reads the reason',
    input: rejectReviewInput,
    output: reviewDetail,
    run: rejectReview,
  }),
  cancel: operation('POST /reviews/{id}/cancel', {
    id: 'cancelReview',
    summary: 'Take one’s own request back',
    input: reviewIdInput,
    output: reviewDetail,
    run: cancelReview,
  }),
}

export const grantOperations = {
  list: operation('GET /grants', {
    id: 'listGrants',
    summary: 'Approvals that reach beyond once, newest first',
    input: listGrantsInput,
    output: pageOf(grantItem),
    run: listGrants,
  }),
  revoke: operation('DELETE /grants/{id}', {
    id: 'revokeGrant',
    summary: 'End a grant now',
    input: revokeGrantInput,
    output: grantItem,
    run: revokeGrant,
  }),
}

export const notificationOperations = {
  read: operation('GET /notifications', {
    id: 'readNotifications',
    summary: 'How telling others about reviews (webhook, Slack) goes',
    input: readNotificationsInput,
    output: notificationState,
    run: readNotifications,
  }),
}
